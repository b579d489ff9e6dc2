"""uvicorn's HTTP protocol with limits: how much a request may say before it asks for something,
and how long it may take. Without them what never ends is kept for good, and read again and again.

The parser joins a header that comes in pieces anew with each piece, so a piece too many is never
given to it. Passed to uvicorn as `http=`; sockets begin here too, so their handshakes are bounded.

Measured with a header of 33 MB that does not end: uvicorn's own keeps all of it and takes 1.2 s of
CPU; here 431 is answered at 64 kB. It builds on a class that uvicorn may change: `protocol_trial`
tries it out before a server starts, and takes uvicorn's own instead.
"""

from asyncio import TimerHandle
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from app.api.problems import MEDIA_TYPE, render
from app.core import open_files
from app.core.errors import ProblemError

#: Request line and headers together, and whatever else of a request is neither they nor its body:
#: trailers, sizes of chunks and what may stand behind them.
MOST_HEAD_BYTES = 65_536
#: From the first byte that is waited for to the end of the headers.
HEAD_SECONDS = 20.0
#: From there to the end of the body: at 256 kB that is the slowest mobile network.
BODY_SECONDS = 90.0
#: For taking 48 kB of an answer.
ANSWER_SECONDS = 60.0
#: For reading why it was refused.
GOODBYE_SECONDS = 2.0


class HeadTooLargeError(ProblemError):
    """Request line and headers hold more than any browser sends."""

    type = "head-too-large"
    title = "That request says too much"
    status = 431
    default_detail = "Please clear this site's cookies in your browser, then try again."


class TooSlowError(ProblemError):
    """The request did not arrive whole in time."""

    type = "too-slow"
    title = "That took too long to arrive"
    status = 408
    default_detail = "The connection may be slow. Please try again in a moment."


class MalformedError(ProblemError):
    """These bytes are no HTTP."""

    type = "malformed"
    title = "That can't be read"
    status = 400
    default_detail = "Please load the page again."


class NoRoomError(ProblemError):
    """Nearly all open files are taken: the rest is for plain requests."""

    type = "no-room"
    title = "Live updates have no room just now"
    status = 503
    default_detail = "Everything else works. They come back by themselves in a while."


class BoundedProtocol(HttpToolsProtocol):
    """One connection. What comes is counted, and timed while something is awaited."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: What comes now belongs to request line and headers, or to what stands before them.
        self._is_in_head = True
        self._is_in_message = False
        #: Bytes since the head began, or since the last of the body.
        self._idle_bytes = 0
        self._deadline: TimerHandle | None = None
        self._awaited: tuple[bool, int] | None = None
        self._messages = 0
        self._is_over = False
        self._unread: TimerHandle | None = None
        #: It came when few open files were left, and may not keep one for long.
        self._is_scarce = False

    # ── What comes ──────────────────────────────────────────────────────────────────────────

    def connection_made(self, transport: Any) -> None:
        """Somebody is there, and has so long to say what for."""
        super().connection_made(transport)
        fd = transport.get_extra_info("socket").fileno()
        self._is_scarce = open_files.is_scarce(fd)
        open_files.lookout.took(fd)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Give it to the parser, as much as may belong to one head at a time."""
        rest = data
        while rest and not self._is_over and self.parser is not None:
            room = MOST_HEAD_BYTES - self._idle_bytes + 1
            piece, rest = (rest, b"") if len(rest) <= room else (rest[:room], rest[room:])
            self._idle_bytes += len(piece)
            super().data_received(piece)
            if self._idle_bytes > MOST_HEAD_BYTES:
                self._refuse(HeadTooLargeError())
        if not self._is_over:
            self._watch()

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        self._is_in_message = self._is_in_head = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """What is asked for is known."""
        self._is_in_head = False
        self._idle_bytes = 0
        super().on_headers_complete()
        if self._is_scarce and self.cycle is not None:
            self.cycle.keep_alive = False

    def on_body(self, body: bytes) -> None:
        """Some of the body."""
        self._idle_bytes = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole."""
        self._is_in_message, self._is_in_head = False, True
        self._idle_bytes = 0
        self._messages += 1
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """The socket's own protocol takes over, unless it can't read what was asked (a header over
        8 kB, more than 128 of them): it would say nothing, and wait for good. The last open files
        are for plain requests: a browser comes back for its socket, each time after longer."""
        if self._is_scarce:
            open_files.PUT_OFF.inc()
            self._refuse(NoRoomError())
            return
        super().handle_websocket_upgrade()
        taken_over: Any = self.transport.get_protocol()
        if taken_over.handshake_initiated:
            self._leave()
            return
        self.connections.discard(taken_over)
        self.connections.add(self)
        self.transport.set_protocol(self)
        self._refuse(HeadTooLargeError())

    # ── How long it may take ────────────────────────────────────────────────────────────────

    def _watch(self) -> None:
        """Time what is awaited now, if anything: a request that arrives whole sets no timer."""
        is_answering = self.cycle is not None and not self.cycle.response_complete
        if not self._is_in_message and is_answering:
            awaited = None
        else:
            awaited = (self._is_in_head, self._messages)
        if awaited == self._awaited:
            return
        self._awaited = awaited
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        if awaited is not None:
            seconds = HEAD_SECONDS if self._is_in_head else BODY_SECONDS
            self._deadline = self.loop.call_later(seconds, self._on_deadline)

    def _on_deadline(self) -> None:
        self._deadline = None
        if self._is_in_message:
            self._refuse(TooSlowError())
        elif not self.transport.is_closing():
            self.transport.close()

    def pause_writing(self) -> None:
        """The client does not take what it asked for."""
        super().pause_writing()
        if self._unread is None:
            self._unread = self.loop.call_later(ANSWER_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """It does again."""
        super().resume_writing()
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    # ── The end ─────────────────────────────────────────────────────────────────────────────

    def send_400_response(self, msg: str) -> None:
        """What can't be read is answered in our own shape."""
        self._refuse(MalformedError())

    def _refuse(self, error: ProblemError) -> None:
        """Say why, if no answer is on its way, and take nothing more from this connection."""
        if self._is_over or self.transport.is_closing():
            return
        self._leave()
        cycle = self.cycle
        if cycle is not None and not (self._is_in_head and cycle.response_complete):
            if self.pipeline or self._is_in_head or cycle.response_started:
                self.transport.close()
                return
            cycle.disconnected = True  # whatever its application answers now goes nowhere
            cycle.message_event.set()
        response = render(error, None)
        head = [
            STATUS_LINE[error.status],
            b"content-type: " + MEDIA_TYPE.encode() + b"\r\n",
            b"content-length: " + str(len(response.body)).encode() + b"\r\n",
            b"cache-control: private, no-store\r\nconnection: close\r\n\r\n",
        ]
        self.transport.write(b"".join(head) + bytes(response.body))
        # Closed at once, with more on its way to us, the client would read of a reset and not why.
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._deadline = self.loop.call_later(GOODBYE_SECONDS, self.transport.abort)

    def _leave(self) -> None:
        self._is_over = True
        self._unset_keepalive_if_required()
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing of ours outlives it."""
        self._leave()
        if self._unread is not None:
            self._unread.cancel()
        super().connection_lost(exc)
