"""Units that are not known, or are no more, and what was probably meant by them."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.domain.input_location import InputLocation
from app.domain.instant import to_datetime
from app.domain.period import Period, local_day
from app.domain.suggest import Suggester, visible
from app.domain.unit import Unit, heirs
from app.domain.unit_code import plain_code
from app.domain.vietnamese import fold
from app.errors import ErrorCode, Fault, Invalid, NotFound
from app.store import unit_tree
from app.store import units as store
from app.store.db import now
from app.store.units import ENDED, ENDED_FOR_GOOD

UNIT_UNKNOWN = ErrorCode("unit_unknown", "There is no unit {code}.", "Không có đơn vị {code}.")
UNIT_NOT_ACTIVE = ErrorCode(
    "unit_not_active",
    "{code} did not exist in {period} (from {valid_from} to {valid_to}).",
    "{code} không tồn tại trong kỳ {period} (từ {valid_from} đến {valid_to}).",
)

ENDED_BEFORE = ErrorCode(
    "unit_not_active",
    "{code} has ended on {valid_to} and did not exist in {period}; its work is carried on by {successors}.",
    "{code} đã chấm dứt hoạt động ngày {valid_to}, không tồn tại trong kỳ {period}; đơn vị kế tục: {successors}.",
)
ENDED_BEFORE_FOR_GOOD = ErrorCode(
    "unit_not_active",
    "{code} has ended on {valid_to} and did not exist in {period}; no unit is named that carries on its work.",
    "{code} đã chấm dứt hoạt động ngày {valid_to}, không tồn tại trong kỳ {period}; chưa ghi đơn vị kế tục.",
)

MEANS_ENDED = ErrorCode(
    "unit_ended",
    "{said} is {code}, which has ended on {valid_to}; its work is carried on by {successors}. Give the unit by its "
    "code.",
    "{said} là {code}, đã chấm dứt hoạt động ngày {valid_to}; đơn vị kế tục: {successors}. Hãy ghi mã của đơn vị.",
)
MEANS_ENDED_FOR_GOOD = ErrorCode(
    "unit_ended",
    "{said} is {code}, which has ended on {valid_to}, and no unit is named that carries on its work. Give the unit by "
    "its code.",
    "{said} là {code}, đã chấm dứt hoạt động ngày {valid_to} và chưa ghi đơn vị kế tục. Hãy ghi mã của đơn vị.",
)

PARENT_ENDED = ErrorCode(
    "unit_ended",
    "{code} has ended on {valid_to}; its work is carried on by {successors}. Only a unit that ends on or before that "
    "day may still be stated under it.",
    "{code} đã chấm dứt hoạt động ngày {valid_to}; đơn vị kế tục: {successors}. Chỉ đơn vị kết thúc chậm nhất vào ngày "
    "đó mới được khai báo là trực thuộc.",
)
PARENT_ENDED_FOR_GOOD = ErrorCode(
    "unit_ended",
    "{code} has ended on {valid_to}, and no unit is named that carries on its work. Only a unit that ends on or before "
    "that day may still be stated under it.",
    "{code} đã chấm dứt hoạt động ngày {valid_to} và chưa ghi đơn vị kế tục. Chỉ đơn vị kết thúc chậm nhất vào ngày đó "
    "mới được khai báo là trực thuộc.",
)

DAY = timedelta(days=1)
MOST_HEIRS = 5
"""So many units are suggested for one that was divided."""
MOST_ENDED = 1000
MOST_SEARCHES = 100
"""So many units of one request are looked up for those who follow them, and so many names for those who have them."""


OFFICES, CITIES = ("", "ubnd ", "uy ban nhan dan "), ("thanh pho ", "tp ")


def spellings(name: str) -> set[str]:
    """How a folded name is written, its office and its city in full, short or left out.

    >>> sorted(spellings("tp da nang"))[:3]
    ['thanh pho da nang', 'tp da nang', 'ubnd thanh pho da nang']
    """
    bare = next(name.removeprefix(office) for office in reversed(OFFICES) if name.startswith(office))
    city = next((bare.removeprefix(city) for city in CITIES if bare.startswith(city)), None)
    places = [bare] if city is None else [before + city for before in CITIES]
    return {office + place for office in OFFICES for place in places}


@contextmanager
def named_at(pointer: str, code: str) -> Iterator[None]:
    """Let a unit that is not there be a fault of the body, at the place that names it; raises Invalid instead."""
    try:
        yield
    except NotFound as error:
        fault = Fault(error.error_code, error.context, pointer=pointer, value=code)
        raise Invalid(error.error_code, error.context, faults=[fault], extra=error.extra) from error


class LikelyUnit(NamedTuple):
    """What was probably meant: as it is written rightly, and the code of the unit where that is no guess."""

    written: str | None = None
    code: str | None = None


class UnitSuggester:
    """Suggestions for a whole file: each is looked up once, and only so many of them."""

    def __init__(self, session: Session) -> None:
        self.session, self.day = session, local_day(to_datetime(now(session)))
        self.found: dict[str, LikelyUnit] = {}
        self.followed: dict[tuple[str, date], str | None] = {}
        self.units: dict[str, Unit | None] = {}
        self.left, self.unread = MOST_SEARCHES, MOST_ENDED
        self.near_code: Suggester | None = None

    def unknown(self, place: InputLocation, said: str, field: str = "unit", *, period: Period | None = None) -> Fault:
        """`unit_unknown`, with who was probably meant; `unit_ended` where that is a unit that has ended."""
        meant = self.meant(said)
        if meant.code is not None and (ended := self._means_ended(place, said, meant.code, field, period)):
            return ended
        context = {"code": said[:100]}
        return place.fault(UNIT_UNKNOWN, field, context, value=said, suggestion=meant.written)

    def _means_ended(
        self, place: InputLocation, said: str, code: str, field: str, period: Period | None
    ) -> Fault | None:
        """`unit_ended` of a unit that is written otherwise; for a period in which it existed its code is suggested."""
        (valid_to,) = [unit.valid_to for unit in self._load([code])] or [None]
        if valid_to is None or valid_to >= self.day:
            return None
        day = self.day if period is None else period.starts_on
        heirs = self.heirs(code, max(day, valid_to + DAY))
        context = {"said": said[:100], "code": code, "valid_to": valid_to, "successors": heirs}
        error_code = MEANS_ENDED_FOR_GOOD if heirs is None else MEANS_ENDED
        suggestion = code if period is not None and period.starts_on <= valid_to else heirs
        return place.fault(error_code, field, context, value=said, suggestion=suggestion)

    def not_active(
        self, place: InputLocation, code: str, period: Period, life: tuple[date | None, date | None], *, said: str
    ) -> Fault:
        """`unit_not_active`, with those who carry on its work in the period; `life` are its first and its last day."""
        begins, ends = life
        heirs = self.heirs(code, period.starts_on)
        context = {"code": code, "period": period.code, "valid_from": begins or "…", "valid_to": ends or "…"}
        error_code = UNIT_NOT_ACTIVE
        if ends is not None and ends < period.starts_on:
            error_code = ENDED_BEFORE_FOR_GOOD if heirs is None else ENDED_BEFORE
        about = {**context, "successors": heirs}
        return place.fault(error_code, "unit", about, value=said, suggestion=heirs)

    def ended(self, place: InputLocation, code: str, valid_to: date, day: date, field: str) -> Fault:
        """`unit_ended`, with those who carry on its work on the day."""
        heirs = self.heirs(code, day)
        context = {"code": code, "valid_to": valid_to, "successors": heirs}
        followed, for_good = (PARENT_ENDED, PARENT_ENDED_FOR_GOOD) if field == "parent" else (ENDED, ENDED_FOR_GOOD)
        error_code = for_good if heirs is None else followed
        return place.fault(error_code, field, context, value=code, suggestion=heirs)

    def meant(self, text: str) -> LikelyUnit:
        """The code or identifier that was probably meant: written otherwise, or the name of just one unit."""
        if text in self.found:
            return self.found[text]
        meant = self._identifier(text) if ":" in text else self._code(text)
        if len(self.found) < MOST_SEARCHES:
            self.found[text] = meant
        return meant

    def heirs(self, code: str, day: date) -> str | None:
        """Those who carry on the work of a unit on a day after its end, their codes in one text."""
        key = code, day
        if key not in self.followed and len(self.followed) < MOST_SEARCHES:
            self.followed[key] = self._heirs(code, day)
        return self.followed.get(key)

    def _heirs(self, code: str, day: date) -> str | None:
        return ", ".join(heirs(code, day, self._load)[:MOST_HEIRS]) or None

    def _load(self, codes: Collection[str]) -> list[Unit]:
        """These units, those that are new in one query."""
        new = sorted(set(codes) - self.units.keys())[: self.unread]
        self.unread -= len(new)
        if new:
            self.units |= dict.fromkeys(new) | store.load_units(self.session, new)
        return [unit for code in codes if (unit := self.units.get(code))]

    def _code(self, text: str) -> LikelyUnit:
        if self.near_code is None:  # every code is read only where one is not known
            self.near_code = Suggester(unit_tree.parents(self.session).keys())
        near = self.near_code(text)
        if near is not None:
            return LikelyUnit(near, near if near == plain_code(text) else None)
        named = self._named(text)
        return LikelyUnit(named, named)

    def _named(self, text: str) -> str | None:
        name = fold(visible(text))
        if not name or not self._may_search():
            return None
        codes = store.codes_named(self.session, spellings(name), self.day)
        return codes[0] if len(codes) == 1 else None

    def _identifier(self, text: str) -> LikelyUnit:
        scheme, _, value = visible(text).partition(":")
        name = scheme.strip().lower(), value.strip()
        known = store.identified(self.session, {name}) if self._may_search() else {}
        return LikelyUnit(":".join(name), known[name]) if name in known else LikelyUnit()

    def _may_search(self) -> bool:
        self.left -= 1
        return self.left >= 0
