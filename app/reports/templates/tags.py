"""The tags of a template: what stands between `{{` and `}}` or `{%` and `%}` in a paragraph, split over runs or not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import Environment, TemplateSyntaxError, nodes

OPENS = re.compile(r"\{[{%#]")
CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
BRACES = re.compile(r"\{\{|\{%|\{#|\}\}|%\}|#\}")
"""What opens or closes a tag."""
ESCAPED = re.compile(r"\{_[{%]|[}%]_\}")
"""What docxtpl turns into braces once all is filled."""
PREFIX = re.compile(r"(p|tr|tc|r) ")
"""What a tag of a block takes away with itself: its paragraph, row, cell or run."""
QUOTES = str.maketrans("“”‘’", "\"\"''")
"""As Word writes them by itself."""
OPENING = {"for": "{{% {0} %}}{{% endfor %}}", "if": "{{% {0} %}}{{% endif %}}", "set": "{{% {0} %}}"}
WITHIN = {"elif": "{{% if x %}}{{% {0} %}}{{% endif %}}"}
ALONE = frozenset({"else", "endfor", "endif"})
DEEPEST = 100
"""So many expressions stand within each other."""
PARSER = Environment(autoescape=True)


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag as it is written: `word` is that of a block (`for`, `endif`, …), empty where something is printed."""

    text: str
    inner: str
    word: str
    prefix: str


class TagInvalid(Exception):  # noqa: N818 - named for what happened
    """A tag that cannot be read; `reason` as the parser says it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def tags_of(text: str) -> Iterator[Tag]:
    """The tags of a paragraph, without comments."""
    for begin, end in _places(text):
        whole, within = text[begin:end], text[begin + 2 : end - 2]
        if whole.startswith("{{"):
            yield Tag(whole, within.translate(QUOTES), "", "")
        elif whole.startswith("{%"):
            prefix = PREFIX.match(within)
            inner = within[prefix.end() if prefix else 0 :].translate(QUOTES).strip()
            yield Tag(whole, inner, inner.partition(" ")[0], prefix[1] if prefix else "")


def _places(text: str) -> Iterator[tuple[int, int]]:
    """Where tags and comments begin and end, in one pass: what is not closed once is not looked for again."""
    unclosed: set[str] = set()
    place = 0
    while (found := OPENS.search(text, place)) is not None:
        closing = CLOSING[found[0]]
        end = -1 if closing in unclosed else text.find(closing, found.end())
        if end < 0:
            unclosed.add(closing)
            place = found.start() + 1
        else:
            place = end + len(closing)
            yield found.start(), place


def without_tags(text: str) -> str:
    """What stands around tags and comments."""
    kept, place = [], 0
    for begin, end in _places(text):
        kept.append(text[place:begin])
        place = end
    return "".join([*kept, text[place:]])


def halves_of(text: str) -> list[str]:
    """What opens or closes a tag alone."""
    return BRACES.findall(without_tags(text))


def is_known(tag: Tag) -> bool:
    """Whether letters have such tags; of none of them `-` takes the space around it."""
    written = tag.text[2:-2]
    if written[:1] in ("-", "+") or written[-1:] in ("-", "+"):
        return False
    return not tag.word or tag.word in OPENING or tag.word in WITHIN or tag.inner in ALONE


def parsed(tag: Tag) -> nodes.Node | None:
    """The syntax of a tag: what it prints, or its for, if or set; None for what only closes or parts a block.

    Raises TagInvalid.
    """
    if tag.word in ALONE:
        return None
    try:
        form = OPENING.get(tag.word) or WITHIN.get(tag.word)
        body = PARSER.parse("{{" + tag.inner + "}}" if form is None else form.format(tag.inner)).body
        [found] = body if tag.word else [_printed(body)]
    except TemplateSyntaxError as error:
        raise TagInvalid(str(error.message)) from None
    except (RecursionError, ValueError):
        raise TagInvalid("it is no single expression") from None
    if _is_deep(found):
        raise TagInvalid("it is nested too deeply")
    return found.elif_[0] if isinstance(found, nodes.If) and tag.word == "elif" else found


def _is_deep(syntax: nodes.Node) -> bool:
    """Whether an expression stands within too many others."""
    level: list[nodes.Node] = [syntax]
    for _ in range(DEEPEST):
        level = [child for each in level for child in each.iter_child_nodes()]
    return bool(level)


def _printed(body: list[nodes.Node]) -> nodes.Expr:
    if len(body) == 1 and isinstance(body[0], nodes.Output) and len(body[0].nodes) == 1:
        return body[0].nodes[0]
    raise ValueError
