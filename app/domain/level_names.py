"""What levels of units are called in a sentence that is said in two languages."""

from collections.abc import Iterable, Sequence

from app.errors import Text

LEVEL_NAMES = {
    "ministry": Text("ministry", "bộ, ngành"),
    "province": Text("province", "cấp tỉnh"),
    "department": Text("department", "sở, ban, ngành"),
    "district": Text("district", "cấp huyện"),
    "commune": Text("commune", "cấp xã"),
    "other": Text("other", "khác"),
}


def level_names(levels: Iterable[str]) -> Text:
    """Levels in words, one after another."""
    names = [LEVEL_NAMES[level] for level in levels]
    return Text(", ".join(name.en for name in names), "; ".join(name.vi for name in names))


def level_choices(levels: Sequence[str]) -> Text:
    """Levels as a request is to name them, with what they are called."""
    named = [f"`{level}` ({LEVEL_NAMES[level].vi})" for level in levels]
    return Text(", ".join(levels), ", ".join(named))
