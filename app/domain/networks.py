"""Networks of the internet (CIDR) and the addresses in them."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

KEPT = 1_000


@lru_cache(KEPT)
def read_network(text: str) -> IPv4Network | IPv6Network:
    """The network that a text names; an address alone is one of its own. ValueError for what is none.

    >>> str(read_network("203.0.113.7")), str(read_network("2001:db8::/32"))
    ('203.0.113.7/32', '2001:db8::/32')
    """
    return ip_network(text)


def nearest_network(text: str) -> str | None:
    """What was probably meant by a text that names no network: one whose address stands within it.

    >>> nearest_network("203.0.113.7/24"), nearest_network("nowhere")
    ('203.0.113.0/24', None)
    """
    try:
        return str(ip_network(text, strict=False))
    except ValueError:
        return None


def plain_address(host: str) -> str:
    """An address as networks name it: one of IPv4 that is mapped into IPv6 as itself.

    >>> plain_address("::ffff:203.0.113.7"), plain_address("a socket")
    ('203.0.113.7', 'a socket')
    """
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return str(address.ipv4_mapped) if isinstance(address, IPv6Address) and address.ipv4_mapped else host


@lru_cache(KEPT)
def is_inside(host: str, networks: Sequence[str]) -> bool:
    """Whether an address lies in one of the networks.

    >>> is_inside("203.0.113.7", ("10.0.0.0/8", "203.0.113.0/24")), is_inside("a socket", ("0.0.0.0/0",))
    (True, False)
    """
    try:
        address = ip_address(plain_address(host))
    except ValueError:
        return False
    return any(address in read_network(each) for each in networks)


def lie_within(networks: Iterable[str], others: Iterable[str]) -> bool:
    """Whether each network lies within one of the others.

    >>> lie_within(["10.1.0.0/16"], ["10.0.0.0/8"]), lie_within(["10.0.0.0/8"], ["10.1.0.0/16", "::/0"])
    (True, False)
    """
    wide = list(map(read_network, others))
    return all(any(_is_part(read_network(each), other) for other in wide) for each in networks)


def _is_part(network: IPv4Network | IPv6Network, other: IPv4Network | IPv6Network) -> bool:
    if isinstance(network, IPv4Network):
        return isinstance(other, IPv4Network) and network.subnet_of(other)
    return isinstance(other, IPv6Network) and network.subnet_of(other)
