"""The process that answers the requests of the workload http: `http_server.py LATENCY_MS`.

Writes its port on stdout and goes when stdin ends.
"""

import asyncio
import os
import sys
import threading

# A burst of connections may wait here; what does not fit is tried again by the kernel after a second.
_BACKLOG = 4096


def answer_to(task, request):
    """The twin of answerTo in src/engine/workloads/http-server.ts."""
    return (task * 1009 + request * 9176 + 1) % 65521


async def serve(latency_seconds):
    async def answer(reader, writer):
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                _, task, request = head.split(" ", 2)[1].split("/")
                await asyncio.sleep(latency_seconds)
                body = str(answer_to(int(task), int(request)))
                writer.write(("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)).encode())
                await writer.drain()
                if "connection: close" in head.lower():
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # The client has gone.
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=_BACKLOG)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


def _go_with_host():
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=_go_with_host, daemon=True).start()
    asyncio.run(serve(float(sys.argv[1]) / 1000))
