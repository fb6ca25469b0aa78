import { writeEvents } from './event-channel.ts';
import { type SendMessage, type ShareMessage } from './share.ts';

/** The host's account of a run: takes the workers' messages, keeps results, passes events on. */
export interface Collector {
  readonly accept: SendMessage;
  /** One text per task, in task order; throws where a task has none. */
  results(): string[];
  /** When the last worker was ready; throws where none was. */
  lastReadyNs(): bigint;
  /** CPU time that workers which are processes have reported of themselves. */
  workerCpuSeconds(): number;
}

export function createCollector(tasks: number): Collector {
  const results = new Map<number, string>();
  let lastReadyNs: bigint | null = null;
  let workerCpuSeconds = 0;

  function accept(message: ShareMessage): void {
    switch (message.type) {
      case 'ready': {
        const ns = BigInt(message.ns);
        if (lastReadyNs === null || ns > lastReadyNs) lastReadyNs = ns;
        writeEvents([{ type: 'worker-ready', ns: message.ns, worker: message.worker }]);
        break;
      }
      case 'tasks':
        for (const { task, result } of message.finished) results.set(task, result);
        writeEvents(message.finished.map(({ task, ns }) => ({ type: 'task-finished', ns, task })));
        break;
      case 'done':
        workerCpuSeconds += message.cpuSeconds;
        break;
      case 'failed':
        throw new Error(message.message);
    }
  }

  return {
    accept,
    results: () =>
      Array.from({ length: tasks }, (_, task) => {
        const result = results.get(task);
        if (result === undefined) throw new Error(`task ${task} has no result`);
        return result;
      }),
    lastReadyNs() {
      if (lastReadyNs === null) throw new Error('no worker was ready');
      return lastReadyNs;
    },
    workerCpuSeconds: () => workerCpuSeconds,
  };
}
