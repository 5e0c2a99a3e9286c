"""Which units of a board are shown: by words of their names, by their classes. Ranks and cohort stay."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.domain.frameworks.framework import Framework
from app.domain.look_alikes import as_latin
from app.domain.suggest import similar
from app.domain.vietnamese import fold
from app.errors import Fault, Invalid, RefusalCode

NOT_ALLOWED = RefusalCode(
    "value_not_allowed",
    "`{value}` cannot stand in `{parameter}`; allowed are {known}.",
    "`{parameter}` không nhận `{value}`; chỉ nhận {known}.",
    Invalid,
)


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """Units of whose name `q` is a part (accents and case ignored), or of whose code the beginning; of these classes.

    None, or no class: all of them.
    """

    q: str | None = None
    bands: Collection[str] = ()

    def keeps(self, code: str, name: str, band: str | None) -> bool:
        return (not self.bands or band in self.bands) and (self.q is None or is_named(self.q, code, name))


ALL = ItemFilter()


def is_named(q: str, code: str, name: str) -> bool:
    """Whether a list of units would find the unit by these words.

    >>> is_named("na hang", "H60.101", "UBND xã Nà Hang"), is_named("h60.1", "H60.101", "UBND xã Nà Hang")
    (True, True)
    >>> is_named("...", "H60.101", "UBND xã Nà Hang"), is_named(" ", "H60.101", "UBND xã Nà Hang")
    (False, True)
    """
    words = fold(q)
    by_name = words in fold(name) if words else not q.strip()
    return by_name or code.startswith(as_latin(q).strip().upper())


def bands_named(framework: Framework, bands: str | None) -> frozenset[str]:
    """The classes of a text with commas between; Invalid `value_not_allowed` for one that the framework has not."""
    return frozenset(words_named("band", bands, [band.code for band in framework.bands]))


def words_named(parameter: str, text: str | None, known: Sequence[str]) -> list[str]:
    """The words of a text with commas between; Invalid `value_not_allowed`, with a suggestion, for an unknown one."""
    words = [] if text is None else text.split(",")
    for word in words:
        require_known(parameter, word, known)
    return words


def require_known(parameter: str, value: str, known: Sequence[str]) -> None:
    """Invalid `value_not_allowed`, with a suggestion, for a value that is not known."""
    if value not in known:
        context = {"value": value[:60], "parameter": parameter, "known": ", ".join(known) or "–"}
        raise Fault(NOT_ALLOWED, context, parameter=parameter, value=value, suggestion=similar(value, known)).error()
