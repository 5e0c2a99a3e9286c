"""What a file probably meant by a unit that is not known, or is no more."""

from datetime import date

from sqlalchemy.orm import Session

from app.domain.period import Period
from app.domain.suggest import Suggester, visible
from app.domain.unit import Unit
from app.domain.vietnamese import fold
from app.store import units as store

MOST_HEIRS = 5
"""So many units are suggested for one that was divided."""
MOST_ENDED = 1000
MOST_SEARCHES = 50
"""So many units of one file are looked up for those who follow them, and so many names for those who have them."""


class UnitNames:
    """Suggestions for a whole file: each is looked up once, and only so many of them; `day` is the present one."""

    def __init__(self, session: Session, day: date) -> None:
        self.session, self.day = session, day
        self.told: dict[str, str | None] = {}
        self.units: dict[str, Unit | None] = {}
        self.left = MOST_SEARCHES
        self.near_code: Suggester | None = None

    def meant(self, text: str) -> str | None:
        """The code or identifier that was probably meant: written otherwise, or the name of just one unit of today."""
        if text not in self.told:
            self.told[text] = self._identifier(text) if ":" in text else self._code(text)
        return self.told[text]

    def heirs(self, code: str, period: Period) -> str | None:
        """Those who carry on the work of a unit in a period after its end, their codes in one text."""
        found, asked, ended = set[str](), set[str](), {code}
        while ended := ended - asked:
            asked |= ended
            units = [unit for each in ended if (unit := self._unit(each))]
            gone = [unit for unit in units if unit.last.ends < period.starts_on]
            found |= {unit.code for unit in units if unit not in gone and unit.code != code}
            ended = {heir for unit in gone for heir in unit.successors}
        return ", ".join(sorted(found)[:MOST_HEIRS]) or None

    def _unit(self, code: str) -> Unit | None:
        if code not in self.units and len(self.units) < MOST_ENDED:
            self.units[code] = store.load_units(self.session, [code]).get(code)
        return self.units.get(code)

    def _code(self, text: str) -> str | None:
        if self.near_code is None:  # every code is read only where one is not known
            self.near_code = Suggester(store.parents(self.session).keys())
        return self.near_code(text) or self._named(text)

    def _named(self, text: str) -> str | None:
        name = fold(text)
        if not name or not self._may_search():
            return None
        codes = store.codes_named(self.session, name, self.day)
        return codes[0] if len(codes) == 1 else None

    def _identifier(self, text: str) -> str | None:
        scheme, _, value = visible(text).partition(":")
        name = scheme.strip().lower(), value.strip()
        known = self._may_search() and store.identified(self.session, {name})
        return f"{name[0]}:{name[1]}" if known else None

    def _may_search(self) -> bool:
        self.left -= 1
        return self.left >= 0
