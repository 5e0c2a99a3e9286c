"""Which source speaks for a figure that several report."""

from collections.abc import Iterable, Sequence


def in_order(found: Iterable[str], preferred: Sequence[str]) -> list[str]:
    """Each source once: those that the framework prefers first, as it names them; the others after them, by code.

    >>> in_order(["manual", "portal", "letter", "portal"], ["letter", "portal"])
    ['letter', 'portal', 'manual']
    """
    place = {source: number for number, source in reversed(list(enumerate(preferred)))}
    return sorted(set(found), key=lambda source: (place.get(source, len(preferred)), source))


def places(found: Iterable[str], preferred: Sequence[str]) -> dict[str, int]:
    """The place of each source in that order.

    >>> places(["manual", "portal"], ["letter", "portal"])
    {'portal': 0, 'manual': 1}
    """
    return {source: place for place, source in enumerate(in_order(found, preferred))}
