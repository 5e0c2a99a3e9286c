"""One request to a receiver, that may be slow, endless or hostile: bounded in time and size, without redirects.

Of the answer only the head is read. Nothing of it but its status is kept.
"""

import http.client
import socket
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from threading import Timer
from typing import NamedTuple

from app.services.webhooks.addresses import NOT_PUBLIC, AddressForbidden, AddressRules, Target

CONNECT_S = 5.0
TOTAL_S = 10.0
"""Seconds from the beginning to the head of the answer, however it trickles in."""
LONGEST_WAIT_S = 3600
"""So long a receiver may ask to be left alone."""


class Reply(NamedTuple):
    """What came of a request: the status of the answer, or why there is none; `wait_s`, its `Retry-After`."""

    status: int | None
    error: str | None
    wait_s: int = 0

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        return self.status == http.client.GONE

    @property
    def is_ill(self) -> bool:
        """Whether the receiver takes nothing at all just now, rather than this message not."""
        return self.status is None or self.status >= 500 or self.status == http.client.TOO_MANY_REQUESTS


class Post:
    """A request under way, which another thread may abort; it takes at most `total_s` seconds."""

    def __init__(self, target: Target, rules: AddressRules, *, total_s: float = TOTAL_S) -> None:
        self.target, self.rules, self.total_s = target, rules, total_s
        self.socket: socket.socket | None = None
        self.aborted = False

    def abort(self) -> None:
        """Let the request fail, whatever it waits for."""
        self.aborted = True
        if self.socket is not None:
            with suppress(OSError):  # it has ended by itself
                self.socket.shutdown(socket.SHUT_RDWR)

    def send(self, headers: Mapping[str, str], body: bytes) -> Reply:
        """The answer, or why there is none, within the time."""
        watch = Timer(self.total_s, self.abort)
        watch.daemon = True
        watch.start()
        try:
            return self._answer(headers, body)
        except AddressForbidden as error:
            return Reply(None, f"{NOT_PUBLIC}: {error}")
        except (OSError, http.client.HTTPException) as error:
            return Reply(None, "timeout" if self.aborted or isinstance(error, TimeoutError) else describe(error))
        finally:
            watch.cancel()
            if self.socket is not None:
                self.socket.close()

    def _answer(self, headers: Mapping[str, str], body: bytes) -> Reply:
        connection = http.client.HTTPConnection(self.target.host, self.target.port)
        connection.sock = self._connected()
        connection.putrequest("POST", self.target.path, skip_host=True, skip_accept_encoding=True)
        fixed = {"Host": self.target.authority, "Content-Length": str(len(body)), "Connection": "close"}
        for name, value in {**fixed, **headers}.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        response = connection.getresponse()
        if self.aborted:
            raise TimeoutError
        status, wait = response.status, response.getheader("retry-after", "")
        if 300 <= status < 400:
            return Reply(status, "redirects are not followed")
        return Reply(status, None, min(int(wait), LONGEST_WAIT_S) if wait.isdecimal() and len(wait) < 9 else 0)

    def _connected(self) -> socket.socket:
        """A connection to an address that was judged, whatever the name says by now."""
        plain = self.socket = self._reached(self.rules.addresses(self.target, self.total_s))
        if self.aborted:
            raise TimeoutError
        plain.settimeout(self.total_s)
        if not self.target.is_https:
            return plain
        context = ssl.create_default_context()
        secured = self.socket = context.wrap_socket(
            plain, server_hostname=self.target.host, do_handshake_on_connect=False
        )
        secured.do_handshake()
        return secured

    def _reached(self, addresses: Sequence[str]) -> socket.socket:
        """A connection to the first of the addresses that answers."""
        for address in addresses[:-1]:
            with suppress(OSError):
                return socket.create_connection((address, self.target.port), timeout=CONNECT_S / len(addresses))
        return socket.create_connection((addresses[-1], self.target.port), timeout=CONNECT_S)


def describe(error: Exception) -> str:
    """Why there is no answer, in a few words."""
    return f"{type(error).__name__}: {error}"[:200]
