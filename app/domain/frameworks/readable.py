"""What of a document can be relied on: a broken part is told once, and nothing is concluded from it.

A rule with an unknown field may say under it for which levels it is meant, a list with an entry that is no object may
lack the very weight that is missing: what would follow from such parts is not told.
"""

from pydantic import BaseModel

from app.domain.frameworks import framework as model
from app.domain.frameworks import rules
from app.domain.frameworks.document_part import DocumentPart
from app.domain.frameworks.framework import Framework
from app.domain.vocabulary import LEVELS

RULES: dict[str, type[BaseModel]] = {
    "ratio": rules.Ratio,
    "steps": rules.Steps,
    "piecewise": rules.Piecewise,
    "reported": rules.Reported,
    "deduction": rules.Deduction,
    "normalise": rules.Normalise,
    "sum": rules.Sum,
    "weighted_mean": rules.WeightedMean,
    "geometric_mean": rules.GeometricMean,
    "best": rules.Best,
    "worst": rules.Worst,
}
MODELS: dict[str, type[BaseModel]] = {
    "": Framework,
    "name": model.Name,
    "legal_basis": model.LegalBasis,
    "rounding": model.Rounding,
    "ranking": model.Ranking,
    "bands": model.Band,
    "requires": model.Requirement,
    "indicators": model.Indicator,
    "criteria": model.Criterion,
    "missing": model.Missing,
    "steps": rules.Step,
    "points": rules.Knot,
    "total": model.Total,
    "adjustments": model.Adjustment,
    "views": model.View,
    "groups": model.ViewGroup,
}
"""The model that an object is read by, from the field it stands in."""


def field_names(found: type[BaseModel]) -> list[str]:
    """The fields of a model, as documents name them."""
    return [info.alias or name for name, info in found.model_fields.items()]


def has_known_fields(part: DocumentPart, holder: str) -> bool:
    """Whether a part is an object without a field that nobody knows, which may be any of those that it lacks."""
    return isinstance(part.value, dict) and part.value.keys() <= set(field_names(MODELS[holder]))


def is_whole(part: DocumentPart, name: str) -> bool:
    """Whether a list holds nothing but objects, or is not there."""
    stated = part.field(name)
    return stated is None or (isinstance(stated, list) and all(isinstance(item, dict) for item in stated))


def stated_levels(part: DocumentPart, name: str) -> tuple[str, ...] | None:
    """The levels that a part names, all where it names none; None where one of them is no level."""
    stated = part.field(name)
    if stated is None:
        return LEVELS
    if not isinstance(stated, list) or any(level not in LEVELS for level in stated):
        return None
    return tuple(level for level in LEVELS if level in stated)


def is_clear_rule(rule: DocumentPart) -> bool:
    """Whether it can be told which units a rule takes."""
    found = RULES.get(rule.text("kind") or "")
    if found is None or not isinstance(rule.value, dict) or not rule.value.keys() <= set(field_names(found)):
        return False
    optional = rule.field("optional") if rule.has("optional") else False
    return isinstance(optional, bool) and stated_levels(rule, "levels") is not None


def has_clear_kinds(part: DocumentPart) -> bool:
    """Whether it can be told how the rules of a part combine the criteria below it."""
    known = part.value is None or isinstance(part.value, dict)
    return known and is_whole(part, "rules") and all(rule.text("kind") in RULES for rule in part.parts("rules"))


def stated_decimals(document: DocumentPart, name: str) -> int | None:
    """Decimals of `rounding`, 2 where it does not state them; None where that cannot be read."""
    if not document.has("rounding"):
        return 2
    rounding = document.part("rounding")
    if not has_known_fields(rounding, "rounding"):
        return None
    stated = rounding.field(name) if rounding.has(name) else 2
    return stated if type(stated) is int and 0 <= stated <= 6 else None
