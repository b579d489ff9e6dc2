"""The baseline: `websockets.broadcast` in a server that does nothing else.

A line on a second port asks for one broadcast of a frame of that many bytes.
"""

import asyncio
import sys

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve


async def _keep(connection: ServerConnection) -> None:
    await connection.wait_closed()


async def main(port: int, control_port: int) -> None:
    """Serve until ended."""
    async with serve(_keep, "127.0.0.1", port, compression=None, backlog=2048) as server:

        async def obey(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
            while line := await reader.readline():
                broadcast(server.connections, "x" * int(line))

        async with await asyncio.start_server(obey, "127.0.0.1", control_port) as control:
            await control.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), int(sys.argv[2])))
