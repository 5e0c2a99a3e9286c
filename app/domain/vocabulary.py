"""Levels, codes and names as every request, file and framework writes them."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema

from app.domain.characters import TRIMMED, of_text, trimmed

CODE, VERSION = r"[a-z][a-z0-9_]*", r"[A-Za-z0-9][A-Za-z0-9._-]{0,30}"

Level = Annotated[Literal["ministry", "province", "department", "district", "commune", "other"], TRIMMED]
LEVELS: tuple[Level, ...] = ("ministry", "province", "department", "district", "commune", "other")
LEVELS_PATTERN = rf"^({'|'.join(LEVELS)})(,({'|'.join(LEVELS)}))+$"

Code = Annotated[str, StringConstraints(pattern=rf"^{CODE}$", max_length=60), TRIMMED]
Codes = Annotated[
    str,
    StringConstraints(pattern=rf"^{CODE}(,{CODE})*$", max_length=2000),
    of_text(lambda text: ",".join(map(trimmed, text.split(",")))),
]
"""Several of a kind in one text, with commas between."""
Levels = Annotated[
    list[Level],
    Field(max_length=len(LEVELS)),
    BeforeValidator(lambda given: [each for text in given for each in text.split(",")]),
    AfterValidator(lambda levels: list(dict.fromkeys(levels))),
    WithJsonSchema(
        {
            "anyOf": [{"type": "string", "enum": list(LEVELS)}, {"type": "string", "pattern": LEVELS_PATTERN}],
            "examples": ["province"],
        }
    ),
]
"""One level or several, each once: a parameter given several times, or one with commas between."""
CriterionCode = Annotated[
    str, StringConstraints(pattern=rf"^({CODE}|[0-9]+(\.[0-9]+)*[a-z]?)$", max_length=60), TRIMMED
]
FrameworkVersion = Annotated[str, StringConstraints(pattern=rf"^{VERSION}$"), TRIMMED]
FrameworkName = Annotated[str, StringConstraints(pattern=rf"^{CODE}(@{VERSION})?$", max_length=100), TRIMMED]
"""A framework's code for the version in force, `code@version` for that one."""
Flag = Annotated[bool, Field(strict=True)]
"""true or false; pydantic's lax bool would take "yes" and 1 as well."""

ChangeKind = Literal[
    "evaluations",
    "frameworks",
    "import_profiles",
    "imports",
    "indicators",
    "keys",
    "layouts",
    "letter_profiles",
    "letter_templates",
    "letter_texts",
    "periods",
    "publications",
    "targets",
    "tasks",
    "units",
    "values",
    "webhooks",
]
"""What the feed of changes tells of."""
