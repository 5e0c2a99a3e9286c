"""What units are called in the letter of the unit that stands above them."""

from collections.abc import Iterable

from app.answers.letter_figures import UnitWords
from app.answers.reports import NamedUnit
from app.domain.unit_names import KIND_NAMES, kind_of, short_name_in
from app.reports.data import ReportData
from app.services.scored_cohorts import CohortUnit


class UnitNames:
    """The names of the units of a letter: short ones do not repeat whose units they are."""

    def __init__(self, data: ReportData) -> None:
        self.units = {unit.code: unit for unit in data.units()}
        self.above = None if data.under is None else data.unit(data.under).name

    def of(self, unit: CohortUnit) -> UnitWords:
        """The words for a unit."""
        kind = kind_of(unit.name, unit.kind)
        return {
            "code": unit.code,
            "name": unit.name,
            "short_name": short_name_in(unit.name, self.above, unit.short_name),
            "kind": kind,
            "kind_name": None if kind is None else KIND_NAMES[kind],
            "level": unit.level,
        }

    def of_code(self, code: str, name: str) -> UnitWords:
        """The same of a unit that may stand outside the tree: its name is all that is known of it then."""
        found = self.units.get(code)
        return self.of(CohortUnit(code, name, "other", None) if found is None else found)

    def named(self, units: Iterable[NamedUnit]) -> list[UnitWords]:
        return [self.of_code(each["code"], each["name"]) for each in units]
