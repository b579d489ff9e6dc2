"""A process that computes: its lines are taken as they come, and it is ended as soon as nobody
wants it any more."""

import asyncio
from asyncio import subprocess
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

#: A line may be all that everybody may see of a dataset.
_LINE_LIMIT: Final = 1 << 26

#: Takes a line, or None when it is time to look; says whether the process is wanted still.
Take = Callable[[bytes | None], Awaitable[bool]]


async def run(command: Sequence[str], given: bytes, take: Take, *, look: float) -> int | None:
    """How the process ended, or None where it was stopped: `take` said so of a line, or when it
    was asked after each `look` seconds without one."""
    process = await subprocess.create_subprocess_exec(
        *command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        limit=_LINE_LIMIT,
    )
    try:
        assert process.stdin is not None  # noqa: S101 - asked for above
        assert process.stdout is not None  # noqa: S101
        process.stdin.write(given)
        process.stdin.close()
        if not await _taken(process.stdout, take, look):
            return None
        return await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _taken(lines: asyncio.StreamReader, take: Take, look: float) -> bool:
    """Take the lines as they come; False once nobody wants them any more."""
    reading = asyncio.ensure_future(lines.readline())
    try:
        while True:
            done, _ = await asyncio.wait({reading}, timeout=look)
            line = reading.result() if done else None
            if line == b"":
                return True
            if not await take(line):
                return False
            if done:
                reading = asyncio.ensure_future(lines.readline())
    finally:
        reading.cancel()
