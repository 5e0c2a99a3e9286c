"""How the units of a level came to their totals, from which sources, and which totals a letter may publish.

Only what took part in the scoring is said of sources. A sum of one group of six is no total.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from app.answers.scores import ScoreItem
from app.domain.frameworks.framework import Criterion, Framework
from app.domain.frameworks.rules import Reported
from app.domain.frameworks.tree import rules_within
from app.domain.letter_format import printed_list
from app.domain.sources import in_order, places
from app.domain.vietnamese_labels import SOURCES
from app.domain.vocabulary import Level
from app.reports.data import ReportData
from app.reports.letter.sentences import rate_formula
from app.store.rows import StandingValue

PUBLIC: Final = frozenset({"national_portal", "provincial_system"})
"""Sources that everybody can look up; what somebody typed in has been published nowhere."""
BY_HAND: Final = "manual"
TAKEN = "Lấy tổng số điểm đạt được trên tổng số {most} điểm tại thời điểm {act}, {whence}"
ADDED = "Cộng điểm của các nhóm chỉ số {whence}"
TAKEN_OR_ADDED = (
    "Lấy tổng số điểm đạt được trên tổng số {most} điểm tại thời điểm {act}; nơi không có tổng số điểm thì cộng điểm "
    "của các nhóm chỉ số {whence}"
)
BY_COMPONENTS = "Tính từ các chỉ số thành phần theo {name}, phiên bản {version}"
BOTH = "Tính từ các chỉ số thành phần; nơi không đủ số liệu thì lấy điểm {whence}"


@dataclass(frozen=True, slots=True)
class ScoredFigures:
    """The figures that the boards were scored from: for each unit and indicator the one of the preferred source."""

    framework: Framework
    rows: Mapping[tuple[str, str], StandingValue]

    def of(self, units: Collection[str], indicators: Collection[str] | None = None) -> list[StandingValue]:
        """Those of some units, of all indicators where none are named."""
        return [
            row
            for (unit, code), row in self.rows.items()
            if unit in units and (indicators is None or code in indicators)
        ]

    def sources(self, rows: Iterable[StandingValue]) -> list[str]:
        """Where figures are from, the preferred source first."""
        return in_order((row.source for row in rows), self.framework.sources)


def scored_figures(data: ReportData) -> ScoredFigures:
    """Every figure that a rule of the framework reads, of the source that the boards take."""
    return figures_among(data, indicators_read(data.framework))


def indicators_read(framework: Framework) -> set[str]:
    """What the rules of a framework read."""
    return {code for rule in rules_within(framework) for code in rule.reads}


def figures_among(data: ReportData, indicators: Collection[str]) -> ScoredFigures:
    """The figures of some indicators, each of the source that the boards take."""
    framework, rows = data.framework, data.values(sorted(indicators)) if indicators else []
    preference = places({row.source for row in rows}, framework.sources)
    best: dict[tuple[str, str], StandingValue] = {}
    for row in sorted(rows, key=lambda row: preference[row.source]):
        best.setdefault((row.unit, row.indicator), row)
    return ScoredFigures(framework, best)


class Way(NamedTuple):
    """How totals came about: from group rates, from components, as stated, or mixed; and that in a sentence."""

    method: Literal["rates", "components", "reported", "mixed"]
    text: str


def way(figures: ScoredFigures, level: Level, items: Sequence[ScoreItem], act: str, most: str) -> Way:
    """How the units of a level, as the board has them, came to their totals, in a sentence without its end."""
    framework = figures.framework
    methods = {item["method"] for item in items}
    if methods == {"computed"}:
        formula = rate_formula(framework, level)
        if formula is not None:
            return Way("rates", formula)
        return Way("components", BY_COMPONENTS.format(name=framework.name.vi, version=framework.version))
    taken = [indicator for item in items if (indicator := _taken(figures, level, item)) is not None]
    units = {item["unit"]["code"] for item in items}
    sources = figures.sources(figures.of(units, _reported(framework, taken, all_taken=len(taken) == len(items))))
    if methods != {"reported"}:
        return Way("mixed", BOTH.format(whence=_source_text(sources, "đã công khai trên")))
    if len(taken) == len(items):
        whence = _source_text(sources, "đã được tính sẵn và công khai trên")
        return Way("reported", TAKEN.format(most=most, act=act, whence=whence))
    said = TAKEN_OR_ADDED if taken else ADDED
    return Way("mixed", said.format(most=most, act=act, whence=_source_text(sources, "đã công khai trên")))


def _reported(framework: Framework, taken: Sequence[str], *, all_taken: bool) -> set[str]:
    """The indicators whose points were taken as they are: of totals, and of groups where some were added up."""
    totals = {rule.indicator for rule in framework.total.rules if isinstance(rule, Reported)}
    groups = {rule.indicator for rule in rules_within(framework) if isinstance(rule, Reported)} - totals
    return set(taken) if all_taken else groups.union(taken)


def _taken(figures: ScoredFigures, level: Level, item: ScoreItem) -> str | None:
    """The indicator of the stated total that a unit's is; None where it was added up, as the rules try them in turn."""
    for rule in figures.framework.total.rules:
        if not rule.applies_to(level):
            continue
        if isinstance(rule, Reported):
            if (item["unit"]["code"], rule.indicator) in figures.rows:
                return rule.indicator
        elif not rule.optional or any(points is not None for points in item["groups"].values()):
            return None
    return None


def named(sources: Sequence[str]) -> list[str]:
    return [SOURCES.get(source, source) for source in sources]


def _source_text(sources: Sequence[str], published: str) -> str:
    """Where points are from: only what is public is said to be."""
    if not sources:
        return "do nguồn số liệu công bố"
    if PUBLIC.issuperset(sources):
        return f"{published} {printed_list(named(sources))}"
    if list(sources) == [BY_HAND]:
        return "theo số liệu nhập thủ công"
    others = [source for source in sources if source != BY_HAND]
    by_hand = " và số liệu nhập thủ công" if BY_HAND in sources else ""
    return f"theo số liệu của {', '.join(named(others))}{by_hand}"


def lacking(framework: Framework, level: Level, item: ScoreItem) -> list[str]:
    """The groups without points of a total that was added up all the same, by name.

    Where the rules leave an incomplete total without a class and a place, one that has either is complete: the source
    may have stated it along with groups that are not.
    """
    placed = item["rank"] is not None or item["band"] is not None
    if "incomplete" not in item["flags"] or (placed and framework.ranking.incomplete == "unranked"):
        return []
    counted = (top for top in framework.criteria if _counts(framework, top, level))
    return [top.name.vi for top in counted if item["groups"].get(top.code) is None]


def is_published(framework: Framework, level: Level, item: ScoreItem) -> bool:
    """Whether a unit has a total that its framework classes and ranks."""
    if item["total"] is None or "ended" in item["flags"]:
        return False
    if framework.bands:
        return item["band"] is not None
    whole = framework.ranking.incomplete == "ranked" or not lacking(framework, level, item)
    return whole and item["coverage"] >= framework.ranking.least_coverage


def stated_total(framework: Framework, level: Level) -> str | None:
    """The indicator of the total that a source states for units of a level; None where the rules know none."""
    rules = (rule for rule in framework.total.rules if rule.applies_to(level))
    return next((rule.indicator for rule in rules if isinstance(rule, Reported)), None)


def _counts(framework: Framework, top: Criterion, level: Level) -> bool:
    """Whether a group is meant for the level, and more than a statistic."""
    return framework.at(level).max_of(top) > 0 and (top.applies_to is None or level in top.applies_to)
