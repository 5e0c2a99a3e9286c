"""What a draft names: refs of its own rows, groups and classes of the framework it is checked against."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from app.domain.checks.draft.draft import Draft
from app.domain.checks.draft.parsed_draft import grouping, groupings
from app.domain.frameworks.framework import Framework
from app.domain.suggest import Suggester
from app.domain.validation_faults import pointer_to
from app.errors import ErrorCode, Fault

MOST_LISTED = 50
REF_UNKNOWN = ErrorCode(
    "ref_unknown", "No row has the ref or the part_of `{value}`.", "Không có dòng nào có ref hoặc part_of `{value}`."
)
GROUP_UNKNOWN = ErrorCode(
    "group_unknown",
    "`{value}` is no group of {framework}; it has {known}.",
    "`{value}` không phải là nhóm của {framework}; có {known}.",
)
CLASS_UNKNOWN = ErrorCode(
    "class_unknown",
    "`{value}` is no class of {framework}; it has {known}.",
    "`{value}` không phải là mức xếp loại của {framework}; có {known}.",
)
GROUPS_MIXED = ErrorCode(
    "groups_mixed",
    "These groups stand in no one grouping of {framework}: take those of one view, or the top criteria.",
    "Các nhóm này không thuộc cùng một cách nhóm của {framework}; hãy dùng một cách nhóm.",
)


def reference_faults(draft: Draft, framework: Framework | None) -> Iterator[Fault]:
    """`ref_unknown`: refs that no row has; `group_unknown`, `groups_mixed`, `class_unknown`: not of the framework.

    Classes are checked against a framework only where the draft itself names one: counting them needs none.
    """
    names = {row.ref for row in draft.rows} | {row.part_of for row in draft.rows}
    for index, row in enumerate(draft.rows):
        for name, ref in [("base", row.base), *(("same_as", twin) for twin in row.twins)]:
            if ref is not None and ref not in names:
                yield _unknown(REF_UNKNOWN, f"/rows/{index}/{name}", ref)
    for ref in draft.restated.rows if draft.restated is not None else ():
        if ref not in names:
            yield _unknown(REF_UNKNOWN, pointer_to(["restated", "rows", ref]), ref)
    if draft.scores is not None and framework is not None:
        yield from _group_faults(list(draft.scores.groups), framework)
        yield from _restated_group_faults(draft, framework)
    if draft.framework is not None and framework is not None:
        yield from _class_faults(draft, framework)


def _class_faults(draft: Draft, framework: Framework) -> Iterator[Fault]:
    """Classes that are none of the framework's bands; a band written by its name gets its code suggested."""
    codes = dict.fromkeys(band.code for band in framework.bands)
    names = {band.name.vi.casefold(): band.code for band in framework.bands}
    context, near = {"framework": framework.id, "known": listed(codes)}, Suggester(codes)
    for index, one in enumerate(draft.classes):
        for code in one.counts:
            if code not in codes:
                pointer = pointer_to(["classes", index, "counts", code])
                fault = _unknown(CLASS_UNKNOWN, pointer, code, **context)
                yield replace(fault, suggestion=names.get(code.casefold()) or near(code))


def _group_faults(codes: Sequence[str], framework: Framework) -> Iterator[Fault]:
    known = dict.fromkeys(code for maxima in groupings(framework) for code in maxima)
    context = {"framework": framework.id, "known": listed(known)}
    unknown = [code for code in codes if code not in known]
    if not unknown and grouping(framework, codes) is None:
        yield Fault(GROUPS_MIXED, context, pointer="/scores/groups")
    for code in unknown:
        yield _unknown(GROUP_UNKNOWN, f"/scores/groups/{code}", code, **context)


def _restated_group_faults(draft: Draft, framework: Framework) -> Iterator[Fault]:
    known = dict.fromkeys(code for maxima in groupings(framework) for code in maxima)
    for code in draft.restated.groups if draft.restated is not None else ():
        if code not in known:
            context = {"framework": framework.id, "known": listed(known)}
            yield _unknown(GROUP_UNKNOWN, f"/restated/groups/{code}", code, **context)


def listed(codes: Collection[str]) -> str:
    """Codes one by one, but no more than somebody would read."""
    return ", ".join(islice(codes, MOST_LISTED)) + (", …" if len(codes) > MOST_LISTED else "")


def _unknown(error_code: ErrorCode, pointer: str, value: str, **context: object) -> Fault:
    return Fault(error_code, {"value": value[:100], **context}, pointer=pointer, value=value[:100])
