"""The wire for servers without our extension: in order, bounded, and nothing left running."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from app.realtime.frames import Pong, encode
from app.realtime.protocol import Inbox, WriteGate
from app.realtime.wire import EXTENSION, MOST_BUFFERED_BYTES, QueuedWire, wire_of
from tests.realtime.stand_ins import RememberedWire
from tests.support.waiting import eventually

FRAME = encode({"type": "pong", "padding": "x" * 1000})


class Asgi:
    """A server's `send` that can be held up, or broken."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.may_send = asyncio.Event()
        self.may_send.set()
        self.is_gone = False

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        await self.may_send.wait()
        if self.is_gone:
            raise OSError("gone")
        self.sent.append(str(message.get("text", message.get("code"))))


async def test_frames_and_the_goodbye_leave_in_order() -> None:
    send = Asgi()
    wire = QueuedWire(send)
    texts = [encode({"type": "pong", "number": number}) for number in range(5)]
    assert all(wire.write(text) for text in texts)
    await wire.close(4401)
    assert send.sent == [*(text.json.decode() for text in texts), "4401"]
    assert not wire.write(FRAME)


async def test_a_client_that_does_not_read_is_noticed_before_memory_is() -> None:
    send = Asgi()
    send.may_send.clear()
    wire = QueuedWire(send)
    taken = 0
    while wire.write(FRAME):
        taken += 1
    assert taken * len(FRAME.json) <= MOST_BUFFERED_BYTES + 2 * len(FRAME.json)
    wire.abort()
    await wire.drained()
    assert not wire.write(FRAME)


async def test_a_client_that_has_gone_is_noticed() -> None:
    send = Asgi()
    send.is_gone = True
    wire = QueuedWire(send)
    wire.write(FRAME)
    await wire.drained()
    assert not wire.write(FRAME)
    wire.release()


async def test_the_direct_wire_is_taken_where_it_is_offered() -> None:
    direct = RememberedWire()
    assert wire_of({"extensions": {EXTENSION: direct}}, Asgi()) is direct
    queued = wire_of({}, Asgi())
    assert isinstance(queued, QueuedWire)
    queued.settle()
    queued.release()


def test_a_frame_on_the_wire_is_an_unmasked_text_frame() -> None:
    short = encode(Pong())
    assert short.wire == b"\x81" + bytes([len(short.json)]) + short.json
    assert FRAME.wire[:2] == b"\x81\x7e"


async def test_the_inbox_gives_messages_in_order_and_waits_for_them() -> None:
    inbox = Inbox()
    waiting = asyncio.create_task(inbox.get())
    await asyncio.sleep(0)
    for number in range(3):
        inbox.put_nowait(number)
    assert [await waiting, await inbox.get(), await inbox.get()] == [0, 1, 2]
    assert inbox.empty()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(inbox.get(), 0.01)
    inbox.put_nowait(3)
    assert await inbox.get() == 3


async def test_the_gate_holds_until_it_opens() -> None:
    gate = WriteGate()
    await gate.wait()
    gate.clear()
    gate.clear()
    waiting = [asyncio.create_task(gate.wait()) for _ in range(2)]
    await asyncio.sleep(0)

    async def done() -> int:
        return sum(task.done() for task in waiting)

    assert await done() == 0
    gate.set()
    gate.set()
    assert await eventually(done, until=lambda count: count == 2)
