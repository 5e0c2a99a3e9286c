"""What groups and classes are called in the language of an answer, and in which colours charts draw them."""

from collections.abc import Sequence
from decimal import Decimal

from app.answers.scores import BandBrief, BandOut, BoardSummary, GroupMeta, ScoreItem, Summary
from app.domain.figures import plain
from app.domain.frameworks.colours import band_colours, group_colours
from app.domain.frameworks.framework import Criterion, Framework, Name, ViewGroup
from app.errors import Language


def shown_criteria(framework: Framework, view_code: str | None) -> Sequence[Criterion | ViewGroup]:
    """The framework's top criteria, or the groups of a view."""
    return next((each.groups for each in framework.views if each.code == view_code), framework.criteria)


def group_names(framework: Framework, view_code: str | None) -> dict[str, str]:
    """The Vietnamese names of the framework's top criteria, or of the groups of a view."""
    return {group.code: group.name.vi for group in shown_criteria(framework, view_code)}


def group_maxima(framework: Framework, view_code: str | None) -> dict[str, Decimal]:
    """The most points of each of these groups."""
    tops = {top.code: framework.max_of(top) for top in framework.criteria}
    for each in framework.views:
        if each.code == view_code:
            return {group.code: sum((tops[member] for member in group.members), Decimal(0)) for group in each.groups}
    return tops


def name_in(name: Name, language: Language) -> str:
    """A name in the language; in Vietnamese where it has no other."""
    return name.en if language == "en" and name.en is not None else name.vi


def groups_meta(framework: Framework, view: str | None, language: Language) -> list[GroupMeta]:
    """The groups of a board in their order: what they are called, the most points, and their colours."""
    groups, maxima = shown_criteria(framework, view), group_maxima(framework, view)
    return [
        {"code": group.code, "name": name_in(group.name, language), "max": plain(maxima[group.code]), "color": colour}
        for group, colour in zip(groups, group_colours(groups), strict=True)
    ]


def bands_meta(framework: Framework, language: Language) -> list[BandOut]:
    """The classes of a framework in their order, with their colours."""
    colours = band_colours(framework.bands)
    return [
        {"code": band.code, "name": name_in(band.name, language), "color": colour}
        for band, colour in zip(framework.bands, colours, strict=True)
    ]


def named_summary(summary: Summary, framework: Framework, language: Language) -> BoardSummary:
    """The summary of a board, live or frozen, with the names and colours of its classes."""
    bands = bands_meta(framework, language)
    counts = {band["code"]: band["count"] for band in summary["bands"]}
    return {"mean": summary["mean"], "bands": [{**band, "count": counts[band["code"]]} for band in bands]}


def named_band(band: BandBrief | None, framework: Framework, language: Language) -> BandBrief | None:
    """A class with its name in the language."""
    if band is None or language == "vi":  # as it is frozen, and made
        return band
    name = next(each.name for each in framework.bands if each.code == band["code"])
    return {"code": band["code"], "name": name_in(name, language)}


def named_items(items: Sequence[ScoreItem], framework: Framework, language: Language) -> Sequence[ScoreItem]:
    """The items of a board, live or frozen, with the names of their classes in the language."""
    if language == "vi":  # as they are frozen, and made
        return items
    bands: dict[str, BandBrief] = {
        band.code: {"code": band.code, "name": name_in(band.name, language)} for band in framework.bands
    }
    return [{**item, "band": item["band"] and bands[item["band"]["code"]]} for item in items]
