"""What a supposition would do, in one sentence."""

from decimal import Decimal

from app.domain.scoring.sentences import say_number
from app.errors import Language, Text
from app.services.scored_cohorts import ScoredCohort
from app.services.scores import CohortComparison, summary_of

SUPPOSED = Text(
    "With what is supposed{rules}, {ranked} would be ranked; {mean}; {bands}{places}.",
    "Theo giả định{rules}, {ranked} được xếp hạng; {mean}; {bands}{places}.",
)
OTHER_RULES = Text(" ({now} in place of {base})", " ({now} thay cho {base})")
NO_MEAN = Text("there would be no mean", "chưa có điểm trung bình")
MEAN = Text("the mean would be {mean} of {max} points{step}", "điểm trung bình là {mean}/{max} điểm{step}")
MORE = Text(", {by} more than now", ", tăng {by} điểm so với hiện nay")
LESS = Text(", {by} less than now", ", giảm {by} điểm so với hiện nay")
AS_NOW = Text(", as now", ", bằng hiện nay")
NOTHING_NOW = Text("nothing is ranked now to compare with", "hiện chưa có đơn vị nào được xếp hạng để so sánh")
NONE, ONE, MANY = Text("no unit", "không đơn vị nào"), Text("1 unit", "1 đơn vị"), Text("{n} units", "{n} đơn vị")
BANDS = Text("{units} would change class", "{units} thay đổi xếp loại")
PLACES = Text(", {units} would change place", ", {units} thay đổi thứ hạng")


def sentence(compared: CohortComparison, base: ScoredCohort | None, language: Language) -> str:
    """The mean, and how many units would be in another class or place; of places nothing where the cohort is hidden."""
    now = compared.now
    replaced = base is not None and base.framework != now.framework
    names = {"now": now.framework.id, "base": "" if base is None else base.framework.id}
    rules = OTHER_RULES.render(language, names) if replaced else ""
    ranked, mean = _units(int(now.standing.ranked.sum()), language), _mean(now, base, language)
    if base is None or not base.standing.ranked.any():
        alone = {
            "rules": rules,
            "ranked": ranked,
            "mean": mean,
            "bands": NOTHING_NOW.render(language, {}),
            "places": "",
        }
        return SUPPOSED.render(language, alone)
    bands, places = moved(now, base)
    told = {
        "rules": rules,
        "ranked": ranked,
        "mean": mean,
        "bands": BANDS.render(language, {"units": _units(bands, language)}),
        "places": "" if compared.hidden else PLACES.render(language, {"units": _units(places, language)}),
    }
    return SUPPOSED.render(language, told)


def _mean(now: ScoredCohort, base: ScoredCohort | None, language: Language) -> str:
    mean, before = summary_of(now)["mean"], None if base is None else summary_of(base)["mean"]
    if mean is None:
        return NO_MEAN.render(language, {})
    step = "" if before is None else _step(mean - before, language)
    top = say_number(now.board.total.max, language)
    return MEAN.render(language, {"mean": say_number(mean, language), "max": top, "step": step})


def _step(difference: Decimal, language: Language) -> str:
    text = AS_NOW if not difference else MORE if difference > 0 else LESS
    return text.render(language, {"by": say_number(abs(difference), language)})


def moved(now: ScoredCohort, base: ScoredCohort | None) -> tuple[int, int]:
    """How many units would have another class, and another rank; one that either board does not rank has moved."""
    before, after = _standings(base), _standings(now)
    pairs = [(before.get(code, (None, None)), after.get(code, (None, None))) for code in before.keys() | after.keys()]
    return sum(one[0] != other[0] for one, other in pairs), sum(one[1] != other[1] for one, other in pairs)


def _standings(scored: ScoredCohort | None) -> dict[str, tuple[str | None, int | None]]:
    """Class and rank of every ranked unit."""
    if scored is None:
        return {}
    standing, codes = scored.standing, [band.code for band in scored.framework.bands]
    rows = zip(standing.codes, standing.ranked.tolist(), standing.band.tolist(), standing.rank.tolist(), strict=True)
    return {code: (codes[band] if band >= 0 else None, rank) for code, ranked, band, rank in rows if ranked}


def _units(count: int, language: Language) -> str:
    text = (NONE, ONE, MANY)[min(count, 2)]
    return text.render(language, {"n": say_number(Decimal(count), language)})
