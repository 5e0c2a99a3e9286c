"""Where webhooks may point to: hosts that the operator has named, at addresses that are checked before each connection.

A name is resolved once, every address behind it is judged, and one of these is connected to: a name that turns to
another address in between reaches nothing else.
"""

import ipaddress
import socket
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from threading import Thread
from urllib.parse import urlsplit

from app.errors import Fault, Invalid, RefusalCode

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
OPEN = ipaddress.IPv6Network("2000::/3")
"""All that is given out of IPv6; what is written elsewhere stands for something else."""
NOT_OPEN = [ipaddress.ip_network(each) for each in ("3fff::/20", "192.0.0.0/24", "192.88.99.0/24")]
"""Of documents and of protocols, which Python 3.11 takes for open ones."""
PORTS = {"https": 443, "http": 80}

BAD_URL = RefusalCode(
    "webhook_url_invalid",
    "`url` must be an address as https://host/path, without a user, a password or a fragment.",
    "`url` phải là địa chỉ dạng https://máy-chủ/đường-dẫn, không kèm người dùng, mật khẩu hay phần sau dấu #.",
    Invalid,
)
NO_HOST = RefusalCode(
    "webhook_host_forbidden",
    "Webhooks may not point to {host}: the operator of the service names the hosts in CHISO_WEBHOOK_HOSTS ({known}).",
    "Webhook không được trỏ tới {host}: người vận hành khai báo các máy chủ được phép trong CHISO_WEBHOOK_HOSTS "
    "({known}).",
    Invalid,
)
NOT_PUBLIC = "address_forbidden"
"""What is said of a host at an address that is not to be called."""


class AddressForbidden(Exception):  # noqa: N818 - named for what is so
    """The host is none that may be called, or stands at an address that may not be."""


@dataclass(frozen=True, slots=True)
class Target:
    """The parts of a webhook's address; `path` with its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def is_https(self) -> bool:
        return self.scheme == "https"

    @property
    def authority(self) -> str:
        """The host as the request names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class AddressRules:
    """The hosts that webhooks may point to, and whether private addresses (then also by plain HTTP) are allowed."""

    hosts: tuple[str, ...] = ()
    private: bool = False

    def read(self, url: str) -> Target:
        """The parts of an address that a webhook may have; Invalid for any other."""
        target = read_target(url)
        if target is None or not (target.is_https or self.private):
            raise Fault(BAD_URL, pointer="/url", value=url).error()
        if target.host not in self.hosts:
            known = ", ".join(self.hosts) or "–"
            raise Fault(NO_HOST, {"host": target.host, "known": known}, pointer="/url", value=url).error()
        return target

    def target_of(self, url: str) -> Target | None:
        """The parts of an address that was stated; None where the rules have changed since."""
        target = read_target(url)
        return target if target is not None and target.host in self.hosts else None

    def addresses(self, target: Target, within_s: float) -> list[str]:
        """The addresses at which a host may be called now; AddressForbidden where one of them may not be.

        Plain HTTP is for private addresses alone. OSError where the name is not known, or not within the time.
        """
        if target.host not in self.hosts:
            raise AddressForbidden(target.host)
        found = _resolved(target, within_s)
        for address in found:
            public = is_public(address)
            if not (public or self.private) or (public and not target.is_https):
                raise AddressForbidden(address)
        return found


def _resolved(target: Target, within_s: float) -> list[str]:
    """The addresses of a host. The system's resolver has no limit of time, so a thread of its own waits for it."""
    answer: Future[list[str]] = Future()

    def ask() -> None:
        try:
            infos = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
            answer.set_result(list(dict.fromkeys(str(info[4][0]) for info in infos)))
        except (OSError, ValueError) as error:
            answer.set_exception(error)

    Thread(target=ask, name="chiso-webhook-resolver", daemon=True).start()
    return answer.result(within_s)


def read_target(url: str) -> Target | None:
    """The parts of an address that can be called; None where there is anything else to it.

    >>> read_target("https://Hooks.example.vn/a?b=1")
    Target(scheme='https', host='hooks.example.vn', port=443, path='/a?b=1')
    """
    if not url.isascii() or not url.isprintable() or set(url) & set(' "<>\\^`{|}'):
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in PORTS or not parts.hostname or "@" in parts.netloc or "#" in url or port == 0:
        return None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, parts.hostname, port or PORTS[parts.scheme], path)


def is_public(address: str) -> bool:
    """Whether an address is one of the open network, and so is every one that is written inside it.

    >>> is_public("8.8.8.8"), is_public("::ffff:10.0.0.1"), is_public("64:ff9b::7f00:1"), is_public("169.254.169.254")
    (True, False, False, False)
    >>> is_public("2606:4700::1111"), is_public("::127.0.0.1"), is_public("64:ff9b:1::7f00:1"), is_public("fec0::1")
    (True, False, False, False)
    """
    return all(map(_is_open, _addresses_in(address.partition("%")[0])))


def _is_open(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address) and address not in OPEN and address not in NAT64:
        return False
    return address.is_global and not address.is_multicast and not any(address in each for each in NOT_OPEN)


def _addresses_in(text: str) -> Iterator[IPv4Address | IPv6Address]:
    """An address, and the IPv4 address that an IPv6 one stands for."""
    address = ipaddress.ip_address(text)
    inner: IPv4Address | None = None
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if address in NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
    if inner is None or (isinstance(address, IPv6Address) and address.ipv4_mapped is None):
        yield address
    if inner is not None:
        yield inner
