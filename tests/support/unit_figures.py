"""Figures of a unit as the rules over them take them, from the texts that a letter would print."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from app.domain.checks.stored.checks import findings_of
from app.domain.checks.stored.figures import Amount, CheckContext, ReportedGroup, StoredFigure, UnitFigures
from app.domain.checks.stored.finding import Finding
from app.domain.figures import SCALE
from app.domain.frameworks.reported_codes import ReportedCodes
from app.services.balances import balances

GROUPS = {"transparency": 18, "progress": 20, "online": 12, "payment": 10, "satisfaction": 18, "digitization": 22}
"""The groups of Decision 766 and their maxima."""
CODES = ReportedCodes(total="total_points", group="{group}_points", rank="reported_rank", rank_of="reported_rank_of")
TERMS = CheckContext(
    rank=CODES.rank,
    rank_of=CODES.rank_of,
    kinds={
        "dossier_sync": "ratio",
        "unsynced_dossiers": "ratio",
        "on_time": "ratio",
        "petitions_on_time": "ratio",
        "petition_satisfaction": "ratio",
        "dossiers_received": "count",
        "overdue_dossiers": "count",
        "average_days": "number",
        "reported_rank": "number",
        "reported_rank_of": "number",
        "total_points": "points",
        **{f"{code}_points": "points" for code in GROUPS},
    },
    complements={"unsynced_dossiers": "dossier_sync"},
    populations={"dossier_sync": "dossiers_received", "overdue_dossiers": "dossiers_received"},
    sources=("national_portal", "provincial_system"),
    framework="qd766@2022",
    groups=tuple(ReportedGroup(code, f"{code}_points", Fraction(most)) for code, most in GROUPS.items()),
    total=ReportedGroup(None, "total_points", Fraction(100)),
    most_points={"total_points": Fraction(100), **{f"{code}_points": Fraction(most) for code, most in GROUPS.items()}},
    before="2024-06",
    balances=balances(),
)
TUYEN_QUANG = {"transparency": "13.2", "progress": "18.3", "online": "7.2", "payment": "8.3"} | {
    "satisfaction": "18",
    "digitization": "16.8",
}
BINH_THANH = {"transparency": "11.8", "progress": "20", "online": "6.9", "payment": "10"} | {
    "satisfaction": "18",
    "digitization": "20.1",
}
Sources = Mapping[str, str]


def figure(text: str) -> StoredFigure:
    """`n/d`, `60.55`, both as `n/d=60.55`, or a numerator without its whole as `n/=60.55`."""
    counts, _, value = text.partition("=") if "/" in text else ("", "", text)
    numerator, denominator = (int(part) * SCALE if part else None for part in (counts or "/").split("/"))
    if not value:
        return StoredFigure(numerator, denominator)
    exact = Decimal(value)
    decimals = -int(exact.as_tuple().exponent)
    return StoredFigure(numerator, denominator, int(exact * SCALE), decimals)


def held(
    figures: Mapping[str, str | Sources],
    before: Mapping[str, str] | None = None,
    earned: Mapping[str, Amount] | None = None,
) -> UnitFigures:
    """A unit with these figures, of the national portal where no source is named."""
    now = {
        code: {
            source: figure(text) for source, text in ({"national_portal": of} if isinstance(of, str) else of).items()
        }
        for code, of in figures.items()
    }
    then = {code: {"national_portal": figure(text)} for code, text in (before or {}).items()}
    return UnitFigures("H60", now, then, earned or {})


def points(groups: Mapping[str, str], total: str) -> dict[str, str]:
    return {**{f"{code}_points": each for code, each in groups.items()}, "total_points": total}


def amount(text: str, slack: str = "0") -> Amount:
    return Amount(Fraction(text), Fraction(slack), 2)


def rules(subject: UnitFigures, terms: CheckContext = TERMS) -> list[str]:
    return [found.rule for found in findings_of(subject, terms)]


def only(subject: UnitFigures) -> Finding:
    (found,) = findings_of(subject, TERMS)
    return found
