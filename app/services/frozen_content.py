"""What an evaluation freezes: frameworks, units, cohorts and figures, and the results that follow from them alone.

Its shape as JSON data is in `store.evaluation_content`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType

from app.answers.evaluations import CohortCount
from app.answers.scores import CohortOut
from app.domain import evaluation
from app.domain.frameworks.framework import Framework
from app.domain.period import read_period
from app.domain.scoring.changes import UnitsChanged
from app.domain.vocabulary import Level
from app.formats.strict_json import write_json
from app.services.first_edition import points_recomputed
from app.services.frozen_items import grouped, looked_up, timeless_item, timeless_result
from app.services.score_items import items
from app.services.score_order import places
from app.services.scored_cohorts import CohortUnit, ScoredCohort, indicators_of, scored_cohort
from app.services.scores import CohortComparison, cohort_counts, compare_cohorts, summary_of
from app.store.evaluation_content import (
    Document,
    FrozenInputs,
    FrozenPeriod,
    FrozenResult,
    FrozenValue,
    ReportInputs,
    StatedNames,
    read_document,
    read_documents,
    read_inputs,
    read_result,
)

EDITION = 2
"""The rules by which results follow from inputs, and by which the digest is taken, today (ADR 26)."""
LETTER = tuple(sorted(ReportInputs.__annotations__))
"""What is frozen for letters and reports besides the figures; from the second edition on it has a digest of its own."""


@dataclass(frozen=True, slots=True)
class EvaluationContent:
    """Everything that an evaluation froze."""

    frameworks: Mapping[str, Document]
    inputs: FrozenInputs
    results: Mapping[str, FrozenResult]

    def parts(self) -> dict[str, str]:
        """The content as it is stored."""
        results = {f"results:{level}": result for level, result in self.results.items()}
        parts: dict[str, object] = {"frameworks": self.frameworks, "inputs": self.inputs, **results}
        return {name: write_json(part).decode() for name, part in parts.items()}

    @classmethod
    def of(cls, parts: Mapping[str, str]) -> "EvaluationContent":
        """The content of stored parts."""
        results = {
            name.partition(":")[2]: read_result(text) for name, text in parts.items() if name.startswith("results:")
        }
        return cls(read_documents(parts["frameworks"]), read_inputs(parts["inputs"]), results)

    @property
    def edition(self) -> int:
        """Which edition of the rules it was drawn up under; the first one did not say."""
        return self.inputs.get("edition", 1)

    def sealed(self) -> bytes:
        """The one spelling of frameworks, scope, tree, cohorts, figures and results, of which the digest is taken.

        Times are left out: the same figures under the same rules have one digest, whenever frozen. The first edition
        had no other digest, so that it sealed what reports need as well.
        """
        timeless = {code: _timeless(inputs) for code, inputs in self.inputs["periods"].items()}
        inputs = {name: member for name, member in self.inputs.items() if self.edition == 1 or name not in LETTER}
        inputs |= {"periods": timeless}
        results = {level: timeless_result(result) for level, result in self.results.items()}
        return evaluation.canonical({"frameworks": self.frameworks, "inputs": inputs, "results": results})

    def digest(self) -> str:
        """SHA-256 over what scores follow from, and the scores."""
        return sha256(self.sealed()).hexdigest()

    def letter_sealed(self) -> bytes | None:
        """The one spelling of what letters and reports need besides; None where the digest covers it."""
        if self.edition == 1:
            return None
        return evaluation.canonical({name: member for name, member in self.inputs.items() if name in LETTER})

    def letter_digest(self) -> str | None:
        """SHA-256 over what letters and reports need besides: a new signer leaves the digest of the scores alone."""
        sealed = self.letter_sealed()
        return None if sealed is None else sha256(sealed).hexdigest()

    def recomputed(self) -> "EvaluationContent":
        """The same inputs with the results that follow from them today.

        Of an earlier edition only what all editions define alike is computed, the rest is taken as frozen.
        """
        results = results_of(self.frameworks, self.inputs)
        if self.edition < EDITION:
            rules = framework_of(self.frameworks, self.inputs["framework"])
            results = {level: points_recomputed(self.results[level], fresh, rules) for level, fresh in results.items()}
        return replace(self, results=results)


def _timeless(inputs: FrozenPeriod) -> dict[str, object]:
    """A period without the moments at which its figures were looked up."""
    own = {"own": [value[:-1] for value in inputs["own"]]} if "own" in inputs else {}
    return {**inputs, "values": [value[:-1] for value in inputs["values"]], **own}


def units_changed(inputs: FrozenInputs) -> UnitsChanged:
    """The units that events had changed between the two periods."""
    found = inputs.get("changed")
    return UnitsChanged() if found is None else UnitsChanged(frozenset(found["reformed"]), frozenset(found["moved"]))


def frozen_values(inputs: FrozenPeriod) -> Iterator[FrozenValue]:
    """The values of a period: those of the units evaluated, and those of the unit they are under."""
    return (FrozenValue(*value) for value in (*inputs["values"], *inputs.get("own", ())))


def content_digest(parts: Mapping[str, str]) -> str:
    """SHA-256 over the parts to the last byte, times included."""
    return sha256(evaluation.canonical(dict(parts))).hexdigest()


def results_of(frameworks: Mapping[str, Document], inputs: FrozenInputs) -> dict[str, FrozenResult]:
    """The results of every level, from frozen inputs alone."""
    return {level: _result(frameworks, inputs, level) for level in inputs["levels"]}


def _result(frameworks: Mapping[str, Document], inputs: FrozenInputs, level: Level) -> FrozenResult:
    now = frozen_cohort(frameworks, inputs, inputs["period"], level)
    against = inputs["against"]
    before = None
    if against is not None and against in inputs["periods"]:
        before = frozen_cohort(frameworks, inputs, against, level)

    def compared(view: str | None) -> CohortComparison:
        return (
            CohortComparison(now, None, None, against, view, hidden=False)
            if before is None
            else compare_cohorts(now, before, view, units_changed(inputs))
        )

    found = items(compared(None))
    return {
        "framework": now.framework.id,
        "period": now.period.code,
        "cohort": cohort_counts(now, inputs["under"]),
        "summary": summary_of(now),
        "items": [timeless_item(item) for item in found],
        "observed_at": [looked_up(item) for item in found],
        "places": places(now),
        "views": {view.code: [grouped(item) for item in items(compared(view.code))] for view in now.framework.views},
    }


def frozen_cohort(frameworks: Mapping[str, Document], inputs: FrozenInputs, period: str, level: Level) -> ScoredCohort:
    """The scored cohort of one level in one of the frozen periods."""
    frozen = inputs["periods"][period]
    framework = framework_of(frameworks, frozen["framework"])
    cohort = set(frozen["cohorts"][level])
    units = units_of(frozen)
    members = [unit for unit in units if unit.code in cohort]
    active = sum(unit.level == level and unit.code != inputs["under"] and not unit.ended for unit in units)
    scoring = set(indicators_of(framework))
    rows = [FrozenValue(*value) for value in frozen["values"] if value[0] in cohort and value[1] in scoring]
    return scored_cohort(framework, read_period(period), level, members, rows, active)


def units_of(frozen: FrozenPeriod, names: Mapping[str, StatedNames] = MappingProxyType({})) -> list[CohortUnit]:
    """The units of a frozen period; `names`: what was stated of them for letters, by code."""
    ended = set(frozen.get("ended", ()))
    return [CohortUnit(*unit, unit[0] in ended, *names.get(unit[0], ())) for unit in frozen["units"]]


def cohorts(results: Mapping[str, FrozenResult]) -> list[CohortCount]:
    """How many units there are at each level, and how many of them are ranked."""
    return [_counted(result["cohort"]) for result in results.values()]


def _counted(cohort: CohortOut) -> CohortCount:
    counted: CohortCount = {"level": cohort["level"], "size": cohort["size"], "ranked": cohort["ranked"]}
    return {**counted, "active": cohort["active"]} if "active" in cohort else counted


def framework_of(frameworks: Mapping[str, Document], name: str) -> Framework:
    """A frozen framework by `code@version`."""
    return _parsed(write_json(frameworks[name]))


@lru_cache(maxsize=16)
def _parsed(text: bytes) -> Framework:
    return Framework.model_validate(read_document(text.decode()))
