"""What a draft names: refs of its own rows, groups and classes of the framework it is held against."""

from collections.abc import Sequence
from dataclasses import replace

from app.domain.frameworks.framework import Framework
from app.domain.quality.draft import Draft
from app.domain.quality.proof import grouping, groupings
from app.domain.shape import pointer_to
from app.domain.suggest import nearest
from app.errors import Fault, Text

REF_UNKNOWN = Text("No row has the ref or the part_of `{value}`.", "Không có dòng nào có ref hoặc part_of `{value}`.")
GROUP_UNKNOWN = Text(
    "`{value}` is no group of {framework}; it has {known}.", "`{value}` không phải là nhóm của {framework}; có {known}."
)
CLASS_UNKNOWN = Text(
    "`{value}` is no class of {framework}; it has {known}.",
    "`{value}` không phải là mức xếp loại của {framework}; có {known}.",
)
GROUPS_MIXED = Text(
    "These groups stand in no one grouping of {framework}: take those of one view, or the top criteria.",
    "Các nhóm này không thuộc cùng một cách nhóm của {framework}; hãy dùng một cách nhóm.",
)


def reference_faults(draft: Draft, framework: Framework | None) -> list[Fault]:
    """`ref_unknown`: refs that no row has; `group_unknown`, `groups_mixed`, `class_unknown`: not of the framework.

    Classes are held against a framework only where the draft itself names one: counting them needs none.
    """
    names = {row.ref for row in draft.rows} | {row.part_of for row in draft.rows}
    faults = []
    for index, row in enumerate(draft.rows):
        named = [("base", row.base)] + [("same_as", twin) for twin in row.twins]
        for name, ref in named:
            if ref is not None and ref not in names:
                faults.append(_unknown("ref_unknown", REF_UNKNOWN, f"/rows/{index}/{name}", ref))
    if draft.scores is not None and framework is not None:
        faults += _group_faults(list(draft.scores.groups), framework)
    if draft.framework is not None and framework is not None:
        faults += _class_faults(draft, framework)
    return faults


def _class_faults(draft: Draft, framework: Framework) -> list[Fault]:
    """Classes that are none of the framework's bands; who writes a band's name is told its code."""
    codes = [band.code for band in framework.bands]
    names = {band.name.vi.casefold(): band.code for band in framework.bands}
    context = {"framework": framework.id, "known": ", ".join(codes)}
    unknown = [(n, code) for n, one in enumerate(draft.classes) for code in one.counts if code not in codes]
    return [
        replace(
            _unknown("class_unknown", CLASS_UNKNOWN, pointer_to(["classes", n, "counts", code]), code, **context),
            suggestion=names.get(code.casefold()) or nearest(code, codes),
        )
        for n, code in unknown
    ]


def _group_faults(codes: Sequence[str], framework: Framework) -> list[Fault]:
    known = list(dict.fromkeys(code for maxima in groupings(framework) for code in maxima))
    context = {"framework": framework.id, "known": ", ".join(known)}
    unknown = [code for code in codes if code not in known]
    if not unknown and grouping(framework, codes) is None:
        return [Fault("groups_mixed", GROUPS_MIXED, context, pointer="/scores/groups")]
    pointer = "/scores/groups/{}".format
    return [_unknown("group_unknown", GROUP_UNKNOWN, pointer(code), code, **context) for code in unknown]


def _unknown(code: str, text: Text, pointer: str, value: str, **context: object) -> Fault:
    return Fault(code, text, {"value": value[:100], **context}, pointer=pointer, value=value[:100])
