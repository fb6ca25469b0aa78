"""Sends requests to a local server that answers after a set latency: how many answers there were, and their sum."""

# Of one process at a time. More would pass the number of files that a process may have open (1024 by default on
# Linux); fewer would make requests wait for one another where nobody else would.
_MOST_CONNECTIONS = 500
_places = None


def prepare(context):
    """The server is a process of its own, so that answering takes nothing from the workers' interpreter lock."""
    import os
    import subprocess
    import sys

    from ..context import Prepared

    program = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "http_server.py")
    server = subprocess.Popen(
        # Nothing of the user's (-I): it is not the server that is measured.
        [sys.executable, "-I", "-B", program, str(context.params["latencyMs"])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )

    def close():
        server.kill()
        server.wait()
        server.stdin.close()
        server.stdout.close()

    port = server.stdout.readline()
    if not port:
        close()
        raise RuntimeError("the server that was to answer the requests did not start")
    return Prepared(shared=int(port), close=close)


def run(params, context):
    from http.client import HTTPConnection  # Only here: an event loop does without.

    requests = params["requests"]
    keep_alive = params["keepAlive"] == "on"
    connection = None
    total = 0
    try:
        for request in range(requests):
            if connection is None:
                connection = HTTPConnection("127.0.0.1", context.shared)
            headers = {} if keep_alive else {"Connection": "close"}
            connection.request("GET", "/%d/%d" % (context.task, request), headers=headers)
            response = connection.getresponse()
            if response.status != 200:
                raise RuntimeError("the server answered with status %d" % response.status)
            total += int(response.read())
            if not keep_alive:
                connection.close()
                connection = None
    finally:
        if connection is not None:
            connection.close()
    return _describe(requests, total)


async def run_async(params, context):
    import asyncio  # Only where it is awaited: threads and processes do not need it.

    global _places
    # Made on the loop, of which a process has one: until Python 3.9 a semaphore belongs to the loop it was made on.
    _places = places = _places or asyncio.Semaphore(_MOST_CONNECTIONS)
    requests = params["requests"]

    async def ask(request):
        async with places:
            return await _ask(asyncio, context.shared, context.task, request)

    return _describe(requests, sum(await asyncio.gather(*[ask(request) for request in range(requests)])))


async def _ask(asyncio, port, task, request):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        text = "GET /%d/%d HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n" % (task, request)
        writer.write(text.encode())
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    finally:
        writer.close()
        await writer.wait_closed()
    status = head.split(b" ", 2)[1:2]
    if status != [b"200"]:
        raise RuntimeError("the server answered with %r" % head[:80])
    return int(body)


def _describe(requests, total):
    return "%d answers, sum %d" % (requests, total)
