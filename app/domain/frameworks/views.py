"""Views: other groupings of the same points, in which every top criterion stands exactly once."""

from collections.abc import Iterator, Mapping

from app.domain.frameworks.document_part import DocumentPart, fault
from app.domain.frameworks.readable import has_known_fields, is_whole
from app.domain.frameworks.references import CYCLE, duplicates
from app.domain.suggest import Speller
from app.errors import ErrorCode, Fault

MEMBER_UNKNOWN = ErrorCode(
    "member_unknown",
    "View group {where} names “{code}”, which is no top criterion; use one of: {allowed}.",
    "Nhóm {where} nêu “{code}” không phải tiêu chí cấp trên cùng; hãy dùng một trong: {allowed}.",
)
MEMBER_MISSING = ErrorCode(
    "member_missing",
    "View {where} leaves out {codes}, so its groups do not add up to the total; add them to a group.",
    "Cách nhóm {where} bỏ sót {codes} nên tổng các nhóm không bằng tổng điểm; hãy đưa vào một nhóm.",
)
MEMBER_DUPLICATE = ErrorCode(
    "member_duplicate",
    "View {where} counts “{code}” twice (also at {first}); keep it in one group.",
    "Cách nhóm {where} tính “{code}” hai lần (cả tại {first}); hãy giữ ở một nhóm.",
)

MOST_NAMED = 20


def view_faults(document: DocumentPart) -> Iterator[Fault]:
    """Every fault of the views."""
    top = [code for part in document.parts("criteria") if (code := part.text("code")) is not None]
    are_all_known = len(top) == len(_list(document, "criteria"))
    circular = _circular(_members_by_name(document, top))
    spell = Speller()
    for view in document.parts("views"):
        groups = view.parts("groups")
        yield from duplicates(groups)
        if are_all_known:
            yield from _unknown_members(groups, top, circular, spell)
        yield from _coverage(view, groups, top)


def _list(part: DocumentPart, name: str) -> list[object]:
    value = part.field(name)
    return value if isinstance(value, list) else []


def _members_by_name(document: DocumentPart, top: list[str]) -> dict[str, list[str]]:
    """What the name of a view, or of a group that is no criterion, would stand for if members could name it."""
    names: dict[str, list[str]] = {}
    for view in document.parts("views"):
        groups = view.parts("groups")
        for group in groups:
            names.setdefault(group.text("code") or "", []).extend(code for code, _ in group.texts("members"))
        names.setdefault(view.text("code") or "", []).extend(group.text("code") or "" for group in groups)
    for code in top:
        names.pop(code, None)
    return names


def _unknown_members(groups: list[DocumentPart], top: list[str], circular: set[str], spell: Speller) -> Iterator[Fault]:
    allowed, known = ", ".join(top[:MOST_NAMED]), set(top)
    for group in groups:
        for code, place in group.texts("members"):
            if code in known:
                continue
            if code in circular:
                yield fault(CYCLE, place, field="members", path=f"{code[:60]} → … → {code[:60]}")
                continue
            near = spell.near(code, top)
            yield fault(MEMBER_UNKNOWN, place, where=group.label, code=code[:60], allowed=allowed, suggestion=near)


def _circular(names: Mapping[str, list[str]]) -> set[str]:
    """Names that, followed through groups and views, lead into a circle: what is left when the others are peeled."""
    open_members = {name: sum(member in names for member in members) for name, members in names.items()}
    named_by: dict[str, list[str]] = {}
    for name, members in names.items():
        for member in members:
            named_by.setdefault(member, []).append(name)
    ends = [name for name, count in open_members.items() if count == 0]
    left = set(names)
    while ends:
        end = ends.pop()
        left.discard(end)
        for name in named_by.get(end, []):
            open_members[name] -= 1
            if open_members[name] == 0:
                ends.append(name)
    return left


def _is_readable(group: DocumentPart, top: set[str]) -> bool:
    """Whether each member of a group is known; one that is not may stand for any that seems to be left out."""
    return has_known_fields(group, "groups") and all(
        isinstance(member, str) and member in top for member in _list(group, "members")
    )


def _coverage(view: DocumentPart, groups: list[DocumentPart], top: list[str]) -> Iterator[Fault]:
    """No top criterion is left out or counted twice."""
    seen: dict[str, str] = {}
    for group in groups:
        for code, place in group.texts("members"):
            if seen.setdefault(code, place) != place:
                yield fault(MEMBER_DUPLICATE, place, where=view.label, code=code[:60], first=seen[code])
    left = [code for code in top if code not in seen]
    if left and groups and is_whole(view, "groups") and all(_is_readable(group, set(top)) for group in groups):
        named = ", ".join(f"“{code[:60]}”" for code in left[:MOST_NAMED])
        yield fault(MEMBER_MISSING, f"{view.pointer}/groups", where=view.label, codes=named)
