"""The connections of a process: how many there are, how large a head may be, how long a client may keep it waiting.

uvicorn itself waits for ever for a head, a body, and for a client to read what it was sent.
"""

import logging
import resource
from asyncio import AbstractEventLoop, Protocol, TimerHandle, Transport
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import uvicorn
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from app.cli.forwarded import ForwardedHeaders
from app.metrics.series import CLIENTS

log = logging.getLogger("chiso.connections")

MOST_UNPARSED = 128_000
"""Bytes that may arrive without a head coming to its end or a part of a body: twice what headers may take together."""
LAST_REQUEST_S = 1.0
"""How long a connection without a request may stay when the service stops."""
LOOKS = 4
"""How often a connection is looked at within the time that it may keep the service waiting."""
TURNS_TO_CLOSE = 4
"""Of the loop of asyncio, from taking a connection to closing one for it; in each as many as the backlog may come."""
OTHER_DESCRIPTORS = 200
"""What a process opens besides connections of clients: the database, files that are sent, libraries."""


@dataclass(frozen=True, slots=True)
class ClientLimits:
    """`most` connections at once, `backlog` more that the system may hand over in one go, and times in seconds.

    `client_s` is how long a client may keep the service waiting, `stop_s` how long one in flight may take to end when
    the service stops.
    """

    most: int
    backlog: int
    client_s: float
    stop_s: float


class LimitedConfig(uvicorn.Config):
    """The configuration of uvicorn, which each connection is given, and the limits of connections."""

    def __init__(self, app: str, limits: ClientLimits, **more: Any) -> None:
        super().__init__(
            app, http="app.cli.connections:Connection", ws="none", backlog=limits.backlog, proxy_headers=False, **more
        )
        self.limits = limits
        self.stopping = False

    def load(self) -> None:
        super().load()
        self.loaded_app = ForwardedHeaders(self.loaded_app, self.forwarded_allow_ips)


def descriptors() -> int:
    """How many files and connections the process may open: as many as the system lets it raise its limit to."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return 2**20 if hard == resource.RLIM_INFINITY else hard


def connections_within(wanted: int, descriptors: int) -> tuple[int, int]:
    """How many connections, and how many more in one go, fit into so many descriptors; OSError where hardly any do.

    >>> connections_within(1000, 524_288), connections_within(1000, 1024)
    ((1000, 2048), (568, 64))
    """
    backlog = min(2048, descriptors // (4 * TURNS_TO_CLOSE))
    most = min(wanted, descriptors - TURNS_TO_CLOSE * backlog - OTHER_DESCRIPTORS)
    if most < min(wanted, 16):
        raise OSError(
            f"the system lets a process open {descriptors} files, too few to serve; raise it (ulimit -n 4096)"
        )
    return most, backlog


class LingeringTransport:
    """The transport of a connection; to close it before all of a request was read is to end the answer alone.

    The system would else reset the connection, and the client, which still sends, never read why it was refused. What
    it sends is read and forgotten until it has closed its side, for as long as it may keep the service waiting.
    """

    def __init__(self, transport: Transport, has_unread: Callable[[], bool]) -> None:
        self.transport, self.has_unread = transport, has_unread
        self.write = transport.write
        self.lingers = False

    def close(self) -> None:
        if self.transport.is_closing() or self.lingers:
            return
        if not self.has_unread():
            self.transport.close()
            return
        try:
            self.transport.write_eof()
        except OSError:  # the client has just gone
            self.transport.close()
        else:
            self.lingers = True
            self.transport.resume_reading()

    def is_closing(self) -> bool:
        return self.lingers or self.transport.is_closing()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.transport, name)


class PatientConnection(Protocol):
    """What both protocols of uvicorn have, and when it ends: one that keeps the service waiting is closed."""

    config: LimitedConfig
    loop: AbstractEventLoop
    transport: LingeringTransport
    connections: set["PatientConnection"]
    cycle: Any
    next_look: TimerHandle | None = None
    free_since = 0.0
    """When it began to be without a request that is to be answered, by the clock of the loop."""
    unsent, moved_at = 0, 0.0
    """Bytes of answers that wait to be read by the client, and when their number was last another."""

    @property
    def is_free(self) -> bool:
        """Whether no request is to be answered: none has begun, its head is not there yet, the last one is done.

        Or nobody reads the answer: nothing of it has left since it was last looked.
        """
        if self.unsent and self.transport.get_write_buffer_size() == self.unsent:
            return True
        return self._is_unasked()

    def connection_made(self, transport: Any) -> None:
        super().connection_made(LingeringTransport(transport, self._has_unread))  # type: ignore[arg-type]
        CLIENTS.inc()
        self.free_since = self.loop.time()
        self._look_later()
        if len(self.connections) > self.config.limits.most:
            self._make_room()
        if self.config.stopping:
            self.shutdown()

    def data_received(self, data: bytes) -> None:
        if self.transport.lingers:
            return
        super().data_received(data)
        if self.config.stopping and self.cycle is not None:
            self.cycle.keep_alive = False

    def _has_unread(self) -> bool:
        """Whether the answer is out and the client still sends. An answer under way would go on being written."""
        return self.cycle is not None and self.cycle.response_complete and self.cycle.more_body

    def send_400_response(self, msg: str) -> None:
        """Refuse what cannot be read; a request that it was part of is answered by that, and by nothing else."""
        super().send_400_response(msg)  # type: ignore[misc]  # both protocols have it
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()

    def connection_lost(self, exc: Exception | None) -> None:
        if self.next_look is not None:
            self.next_look.cancel()
        CLIENTS.dec()
        super().connection_lost(exc)

    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing: any client may ask for another protocol and is answered in this one. uvicorn would advise
        whoever reads the log to install WebSockets, which nothing here speaks.
        """

    def on_response_complete(self) -> None:
        self.free_since = self.loop.time()
        super().on_response_complete()  # type: ignore[misc]  # both protocols have it

    def shutdown(self) -> None:
        """Called when the service stops: what is free is closed soon, the others get their time.

        Not at once: on a connection that has just been opened, or is used again and again, a request may be on the
        way, which would be lost. Its answer says that the connection ends.
        """
        soon = min(LAST_REQUEST_S, self.config.limits.stop_s)
        if self.transport.lingers:
            self.loop.call_later(soon, self.transport.abort)
        elif self._is_unasked():
            self.loop.call_later(soon, self._close_unless_asked)
        else:
            super().shutdown()  # type: ignore[misc]  # both protocols have it
        self.loop.call_later(self.config.limits.stop_s, self.transport.abort)

    def _is_unasked(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _close_unless_asked(self) -> None:
        if self._is_unasked():
            self.transport.close()

    def _make_room(self) -> None:
        """Close the connection that has been free for longest; the new one where all others are at work."""
        free = [each for each in self.connections if each.is_free and each is not self]
        longest = min(free, key=lambda each: each.free_since, default=self)
        log.warning("More than %s connections; closed the one that was idle for longest", self.config.limits.most)
        longest._end()

    def _end(self) -> None:
        self.connections.discard(self)
        self.transport.abort()

    def _look_later(self) -> None:
        self.next_look = self.loop.call_later(self.config.limits.client_s / LOOKS, self._look)

    def _look(self) -> None:
        """Close it where its client keeps the service waiting. (For the body of a request the application waits.)"""
        now, unsent = self.loop.time(), self.transport.get_write_buffer_size()
        if unsent != self.unsent:
            self.unsent, self.moved_at = unsent, now
        waiting_since = self.moved_at if unsent else self.free_since if self.is_free else now
        if now - waiting_since >= self.config.limits.client_s:
            self._end()
        else:
            self._look_later()


class BoundedHead(Protocol):
    """For the parser in C, which takes a head without end: what is no part of a body is counted, and cut."""

    transport: Transport
    unparsed = 0
    running: Any = None
    """The request that is being answered; with pipelining others wait behind it, and uvicorn only knows the last."""

    def data_received(self, data: bytes) -> None:
        self.unparsed += len(data)
        super().data_received(data)
        if self.unparsed > MOST_UNPARSED:
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self.running is not None:
            self.running.disconnected = True
            self.running.message_event.set()

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        self.running = cycle
        super()._start_asgi_task(cycle, app)  # type: ignore[misc]  # the protocol on the parser in C has it

    def on_headers_complete(self) -> None:
        self.unparsed = 0
        super().on_headers_complete()  # type: ignore[misc]  # the protocol on the parser in C has it

    def on_body(self, body: bytes) -> None:
        self.unparsed = 0
        super().on_body(body)  # type: ignore[misc]  # the protocol on the parser in C has it


PARSED_IN_C = hasattr(AutoHTTPProtocol, "on_body")
Connection = type(
    "Connection", (PatientConnection, *[BoundedHead] * PARSED_IN_C, AutoHTTPProtocol), {"__module__": __name__}
)
"""The protocol that uvicorn speaks with: that of its parser, with these limits."""
