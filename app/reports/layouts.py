"""The layouts that ship, those that were stated, and the one that a report is printed in."""

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from app.answers.layouts import LayoutDocument
from app.answers.report_comparison import LayoutOut
from app.domain.frameworks.framework import Framework
from app.domain.vocabulary import Level
from app.errors import Fault, Invalid, RefusalCode
from app.formats.documents import read_yaml
from app.reports.rules.layout_check import layout_for
from app.reports.rules.layouts import Layout, lines_of, prints_some, read_layout
from app.reports.rules.own_layout import OWN, own_layout

SHIPPED = Path(__file__).parent.parent / "layouts"

NO_LAYOUT = RefusalCode(
    "layout_unknown",
    "There is no layout {layout}; there are {known}.",
    "Không có mẫu bảng {layout}; có {known}.",
    Invalid,
)
NO_FIT = RefusalCode(
    "layout_without_rows",
    "The layout {layout} prints nothing of {framework}; leave `layout` out, or write `layout=framework` for the "
    "framework's own criteria.",
    "Mẫu bảng {layout} không có nội dung nào của bộ chỉ số {framework}; hãy bỏ `layout`, hoặc ghi `layout=framework` "
    "để in các tiêu chí của chính bộ chỉ số.",
    Invalid,
)


@lru_cache(maxsize=1)
def layouts() -> Mapping[str, Layout]:
    """All of them by code. Raises ValueError, naming every fault, for a file that is no layout: nothing could ship."""
    return MappingProxyType({layout.code: layout for layout in map(load, sorted(SHIPPED.glob("*.yaml")))})


def load(path: Path) -> Layout:
    """The layout of a file."""
    layout, faults = read_layout(read_yaml(path.read_bytes()))
    if layout is None:
        raise ValueError("; ".join(f"{path.name}{fault.pointer}: {fault.detail('en')}" for fault in faults))
    return layout


def stated_layout(document: LayoutDocument) -> Layout:
    """A layout that was stated, which was read before it was stored."""
    return Layout.model_validate(document)


def known_layouts(documents: Iterable[LayoutDocument]) -> Mapping[str, Layout]:
    """Those that were stated, before those that ship, by code."""
    stated = {layout.code: layout for layout in map(stated_layout, documents)}
    return {**stated, **{code: layout for code, layout in layouts().items() if code not in stated}}


def chosen_layout(
    code: str | None, framework: Framework, level: Level, known: Mapping[str, Layout], stored: Collection[str]
) -> Layout:
    """The layout of that code; where none is named the one that fits, else the framework's own.

    `stored`: the indicators that have figures. Invalid `layout_unknown`, and `layout_without_rows` for one that
    could print nothing.
    """
    if code is None:
        return layout_for([*known.values()], level, framework) or own_layout(framework, level)
    if code == OWN:
        return own_layout(framework, level)
    layout = get_layout(code, known)
    if not prints_some(layout, framework, stored):
        context = {"layout": code, "framework": framework.id}
        raise Fault(NO_FIT, context, parameter="layout").error()
    return layout


def get_layout(code: str, known: Mapping[str, Layout]) -> Layout:
    """The layout of that code; Invalid `layout_unknown`, naming those there are."""
    if code not in known:
        context = {"layout": code, "known": ", ".join([*known, OWN])}
        raise NO_LAYOUT.error(
            faults=[Fault(NO_LAYOUT, context, parameter="layout")],
            layout=code,
            known=context["known"],
        )
    return known[code]


def described(layout: Layout) -> LayoutOut:
    """A layout as it is answered: its rows one after the other, each with its depth."""
    return {
        "code": layout.code,
        "title": {"vi": layout.title.vi, "en": layout.title.en},
        "source": layout.source,
        "levels": list(layout.levels),
        "view": layout.view,
        "rows": [
            {
                "number": line.row.number,
                "heading": {"vi": line.row.heading.vi, "en": line.row.heading.en},
                "depth": line.depth,
                "kind": line.row.kind,
                "indicator": line.row.indicator,
                "part": line.row.part if line.row.indicator else None,
                "show": line.row.show if line.row.indicator else None,
                "noun": line.row.noun,
                "group": line.row.group,
                "rank": line.row.rank,
            }
            for line in lines_of(layout)
        ],
    }
