"""A worker that is an event loop."""

import asyncio

from .context import worker_context
from .gil import gil_change, watch_imports
from .work import describe_error, load_work, print_error, require_text


class LoopWorker:
    """To be made on the running loop: making it tells that the worker is ready."""

    def __init__(self, plan, index, shared, outbox, name=None, offload=None):
        watch_imports()
        self._work = load_work(plan)
        self._params = plan.params
        self._outbox = outbox
        self._offloads = offload is not None
        offloading = {} if offload is None else {"offload": offload}
        self._context = worker_context(plan, index, shared, outbox, **offloading)
        outbox.ready("main", name)
        outbox.gil_changed(gil_change())

    async def do_task(self, task):
        """
        A task that raises is told and lost; the loop goes on with the others, as asyncio.gather would. An exit on the
        loop's own thread is raised: asyncio lets it through all of its tasks.
        """
        context = self._context(task)
        self._outbox.started(task)
        try:
            if self._work.run_async is None:
                # Nothing to await: the loop stands still, which is what this strategy is to show.
                text = self._work.run(self._params, context)
            else:
                text = await self._work.run_async(self._params, context)
            require_text(text)
        except asyncio.CancelledError:
            raise
        except BaseException as error:
            if isinstance(error, (SystemExit, KeyboardInterrupt)) and not self._offloads:
                raise
            print_error(error)
            self._outbox.task_failed(task, describe_error(error))
            self._outbox.flush()
        else:
            self._outbox.finished(task, text)
        self._outbox.gil_changed(gil_change())
