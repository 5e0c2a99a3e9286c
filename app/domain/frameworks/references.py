"""Codes: each given once, each reference to something that is there, no reference that leads back to itself."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from re import fullmatch

from app.domain.frameworks.criteria import nodes
from app.domain.frameworks.document_part import DocumentPart, fault
from app.domain.frameworks.readable import has_known_fields, is_whole
from app.domain.suggest import Speller
from app.domain.unit_trees import cycle_path
from app.domain.vocabulary import CODE
from app.errors import ErrorCode, Fault

CODE_DUPLICATE = ErrorCode(
    "code_duplicate",
    "The code “{code}” stands here and at {first}; give each its own code.",
    "Mã “{code}” dùng cả ở đây và tại {first}; hãy đặt mỗi nơi một mã riêng.",
)
SOURCE_DUPLICATE = ErrorCode(
    "source_duplicate",
    "The source “{code}” is listed twice, so its place in the order is unclear; keep one.",
    "Nguồn “{code}” được nêu hai lần nên không rõ thứ tự ưu tiên; hãy giữ lại một.",
)
INDICATOR_UNKNOWN = ErrorCode(
    "indicator_unknown",
    "{where} names the indicator “{code}”, which neither this document nor the service has; correct the code or "
    "add it under `indicators`.",
    "{where} nêu chỉ số “{code}” mà cả tài liệu này lẫn hệ thống đều không có; hãy sửa mã hoặc bổ sung vào "
    "`indicators`.",
)
INDICATOR_DIFFERS = ErrorCode(
    "indicator_differs",
    "The indicator {where} is kept as “{known}” and cannot become “{kind}”, since figures are stored under it; "
    "use “{known}” or a new code.",
    "Chỉ số {where} đang được lưu với loại “{known}”, không thể đổi thành “{kind}” vì đã gắn với số liệu; hãy "
    "dùng “{known}” hoặc đặt mã mới.",
)
INDICATOR_KIND_WRONG = ErrorCode(
    "indicator_kind_wrong",
    "{where}: a rule “{rule}” cannot use the indicator “{code}” of kind “{kind}”; it needs {allowed}.",
    "{where}: quy tắc “{rule}” không dùng được chỉ số “{code}” thuộc loại “{kind}”; cần loại {allowed}.",
)
COMPLEMENT_KIND_DIFFERS = ErrorCode(
    "complement_kind_differs",
    "The indicator {where} ({kind}) completes “{code}” ({other}) to a whole, which only figures of one kind can; "
    "give both one kind.",
    "Chỉ số {where} ({kind}) là phần bù của “{code}” ({other}), nhưng chỉ các chỉ số cùng loại mới bù nhau "
    "được; hãy đặt cùng một loại.",
)
CYCLE = ErrorCode(
    "cycle",
    "`{field}` leads in a circle: {path}. Remove one of these references.",
    "`{field}` dẫn thành vòng lặp: {path}. Hãy bỏ một trong các tham chiếu này.",
)

RATIO_OF_ITSELF = ErrorCode(
    "ratio_of_itself",
    "{where}: the rule divides “{code}” by itself, which always is 100; name another indicator under `of`, or leave it "
    "out.",
    "{where}: quy tắc lấy “{code}” chia cho chính nó, kết quả luôn là 100; hãy nêu chỉ số khác ở `of` hoặc bỏ trường "
    "này.",
)

AMOUNTS = ("count", "number", "points")
KINDS_FOR_RULE = {"reported": ("points", "number"), "deduction": AMOUNTS, "ratio … of": AMOUNTS}
"""`ratio` of one indicator and `steps` take an indicator of any kind, with their figures in its own unit."""
KINDS = ("ratio", "count", "points", "number")
Spell = Callable[[str, Iterable[str]], str | None]


def reference_faults(document: DocumentPart, known: Mapping[str, str]) -> Iterator[Fault]:
    """Every fault of codes and references; `known` holds the kinds of the indicators that the service already has."""
    spell = Speller().near
    criteria = [node.part for node in nodes(document) if not node.is_total]
    for parts in (document.parts("bands"), document.parts("indicators"), criteria, document.parts("views")):
        yield from duplicates(parts)
    yield from source_faults(document)
    kinds = _kinds(document, known)
    is_clear = _are_all_named(document)
    for each in chain(indicator_faults(document, kinds, known, spell), _faults_of_rules(document, kinds, spell)):
        if is_clear or each.error_code is not INDICATOR_UNKNOWN:
            yield each


def _faults_of_rules(document: DocumentPart, kinds: Mapping[str, str | None], spell: Spell) -> Iterator[Fault]:
    for node in nodes(document):
        for rule in node.rules:
            yield from rule_faults(rule, node.label, kinds, spell)
    for each in document.part("total").parts("adjustments"):
        yield from _named_faults(each, "indicator", "", each.pointer, kinds, spell)


def duplicates(parts: Iterable[DocumentPart]) -> Iterator[Fault]:
    """One fault for each code that an earlier part of the same family has."""
    seen: dict[str, str] = {}
    for part in parts:
        code, place = part.text("code"), f"{part.pointer}/code"
        if code is not None and seen.setdefault(code, place) != place:
            yield fault(CODE_DUPLICATE, place, code=code[:60], first=seen[code])


def source_faults(document: DocumentPart) -> Iterator[Fault]:
    seen: set[str] = set()
    for code, place in document.texts("sources"):
        if code in seen:
            yield fault(SOURCE_DUPLICATE, place, code=code[:60])
        seen.add(code)


def _kinds(document: DocumentPart, known: Mapping[str, str]) -> dict[str, str | None]:
    """Kind by code, of this document's indicators and of the service's; None where the document's is unreadable."""
    kinds: dict[str, str | None] = dict(known)
    for part in document.parts("indicators"):
        code = part.text("code")
        if code is not None:
            kinds[code] = known.get(code) or _kind(part)
    return kinds


def _are_all_named(document: DocumentPart) -> bool:
    """Whether it can be told which indicators a document describes."""
    if not document.has("indicators"):
        return has_known_fields(document, "")
    named = (part.text("code") for part in document.parts("indicators"))
    return is_whole(document, "indicators") and all(code and fullmatch(CODE, code) for code in named)


def _kind(part: DocumentPart) -> str | None:
    """The kind of an indicator; None where it is missing or no kind at all."""
    kind = part.text("kind")
    return kind if kind in KINDS else None


def indicator_faults(
    document: DocumentPart, kinds: Mapping[str, str | None], known: Mapping[str, str], spell: Spell
) -> Iterator[Fault]:
    """Indicators keep their kind, and name others that exist, without going round in circles."""
    indicators = document.parts("indicators")
    for part in indicators:
        code, kind = part.text("code"), _kind(part)
        before = known.get(code) if code is not None else None
        if before is not None and kind is not None and kind != before:
            yield fault(INDICATOR_DIFFERS, f"{part.pointer}/kind", where=part.label, known=before, kind=kind)
        for name in ("complement_of", "population"):
            yield from _link_faults(part, name, kinds, spell)
    yield from cycles(indicators, "complement_of", pairs_allowed=True)
    yield from cycles(indicators, "population", pairs_allowed=False)


def _link_faults(part: DocumentPart, name: str, kinds: Mapping[str, str | None], spell: Spell) -> Iterator[Fault]:
    target, kind = part.text(name), _kind(part)
    if target is None:
        return
    place = f"{part.pointer}/{name}"
    if target not in kinds:
        yield fault(INDICATOR_UNKNOWN, place, where=part.label, code=target[:60], suggestion=spell(target, kinds))
    elif name == "complement_of" and kind is not None and (kinds[target] or kind) != kind:
        other = kinds[target]
        yield fault(COMPLEMENT_KIND_DIFFERS, place, where=part.label, kind=kind, code=target[:60], other=other)


def cycles(indicators: Iterable[DocumentPart], name: str, *, pairs_allowed: bool) -> Iterator[Fault]:
    """One fault for each circle of references by `name`; two that complement each other are no circle."""
    target = {code: part.text(name) for part in indicators if (code := part.text("code")) is not None}
    place = {part.text("code"): f"{part.pointer}/{name}" for part in indicators}
    settled: set[str] = set()
    for start in target:
        path: dict[str, None] = {}
        at: str | None = start
        while at is not None and at in target and at not in settled:
            settled.add(at)
            path[at] = None
            at = target[at]
        if at not in path:
            continue
        steps = list(path)
        circle = steps[steps.index(at) :]
        if not (pairs_allowed and len(circle) == 2):
            yield fault(CYCLE, place[circle[0]], field=name, path=cycle_path(circle))


def rule_faults(rule: DocumentPart, label: str, kinds: Mapping[str, str | None], spell: Spell) -> Iterator[Fault]:
    """The indicators of a rule exist and are of a kind that the rule can use."""
    kind = rule.text("kind") or ""
    code, other = rule.text("indicator"), rule.text("of") if kind == "ratio" else None
    if other is not None and other == code:
        yield fault(RATIO_OF_ITSELF, f"{rule.pointer}/of", where=label, code=code[:60])
        return
    yield from _named_faults(rule, "indicator", "ratio … of" if other else kind, label, kinds, spell)
    if other is not None:
        yield from _named_faults(rule, "of", "ratio … of", label, kinds, spell)


def _named_faults(
    rule: DocumentPart, field: str, kind: str, label: str, kinds: Mapping[str, str | None], spell: Spell
) -> Iterator[Fault]:
    code = rule.text(field)
    if code is None:
        return
    place = f"{rule.pointer}/{field}"
    if code not in kinds:
        yield fault(INDICATOR_UNKNOWN, place, where=label, code=code[:60], suggestion=spell(code, kinds))
        return
    allowed, found = KINDS_FOR_RULE.get(kind), kinds[code]
    if allowed is not None and found is not None and found not in allowed:
        names = " / ".join(allowed)
        yield fault(INDICATOR_KIND_WRONG, place, where=label, rule=kind, code=code[:60], kind=found, allowed=names)
