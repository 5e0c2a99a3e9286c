"""The frozen content of an evaluation as it is sealed: JSON in one spelling, whose SHA-256 is the digest."""

from typing import Annotated, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

JsonObject = dict[str, object]


class SealedScores(TypedDict):
    """What `digest` is taken of: broken figures as text (`"81.77"`), whole ones as numbers, of `inputs` ×10⁴."""

    frameworks: Annotated[JsonObject, Field(description="Documents by `code@version`.")]
    inputs: Annotated[
        JsonObject,
        Field(
            description="Edition, scope, and of each period by its code the framework, `units` (code, name, level, "
            "parent), `cohorts` by level, and `values` and those of the unit above, `own` (unit, indicator, source, "
            "numerator, denominator, value, decimals), and `ended` units; `changed`: units of another body than before."
        ),
    ]
    results: Annotated[JsonObject, Field(description="By level, as `/v1/evaluations/{id}/scores` answers them.")]


class SealedLetter(TypedDict):
    """What `letter_digest` is taken of: all that letters and reports need besides the figures."""

    above: list[str]
    indicators: JsonObject
    letter: JsonObject | None
    names: dict[str, str]
    publications: list[JsonObject]
    targets: list[JsonObject]
    tasks: list[JsonObject]
    unit_names: NotRequired[
        Annotated[JsonObject, Field(description="By period and code: short name and kind, where one was stated.")]
    ]
    letter_texts: NotRequired[
        Annotated[JsonObject, Field(description="By kind: what the letter says of the period, where it was stated.")]
    ]
    letter_templates: NotRequired[
        Annotated[JsonObject, Field(description="By kind: the unit that stated the Word file, and its SHA-256.")]
    ]
    layouts: NotRequired[Annotated[list[JsonObject], Field(description="Those that an office has stated.")]]
