"""WebSockets in Python 3, with the package `websockets`: greets, answers probes, and passes every other message on to all, its sender included."""
import asyncio
import json
import os
import signal

import websockets

pages = os.environ.get("ORIGINS", "http://localhost:3000").split(",")
sockets = set()


def refuse(constant):
    raise ValueError(f"{constant} is no JSON")


async def serve(socket, path=None):
    sockets.add(socket)
    try:
        await socket.send('{"type":"welcome"}')
        async for frame in socket:
            try:
                message = json.loads(frame, parse_constant=refuse)
            except (ValueError, RecursionError):
                return await socket.close(1007)
            if isinstance(message, dict) and message.get("type") == "ping":
                await socket.send('{"type":"pong"}')
            else:
                for other in sockets:
                    # A reader that is too slow is disconnected, and comes back: `broadcast` keeps in memory what waits for it.
                    if other.transport.get_write_buffer_size() > 1_000_000:
                        other.transport.abort()
                websockets.broadcast(sockets, frame)
    except websockets.ConnectionClosed:
        pass
    finally:
        sockets.discard(socket)


async def main():
    # A browser always says which page is asking; None lets in programs that are no browser.
    options = {"origins": [*pages, None], "max_size": 65_536}
    is_ending = asyncio.Event()
    loop = asyncio.get_running_loop()
    signal.signal(signal.SIGTERM, lambda *_: loop.call_soon_threadsafe(is_ending.set))
    async with websockets.serve(serve, "127.0.0.1", int(os.environ.get("PORT", 3000)), **options) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await is_ending.wait()
        # Leaving this block closes all sockets with 1001, which says that the server is going away: clients come back after a random wait.


asyncio.run(main())
