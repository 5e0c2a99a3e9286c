"""The answer about a template of a letter: its faults, and the fields that it names."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict


class TemplateFault(TypedDict):
    """One thing that is wrong with a template."""

    code: str
    detail: Annotated[str, Field(description="What is wrong, and what would work; in the language of the request.")]
    field: Annotated[str, Field(description="The field, filter or tag that it is about, as it is written.")]
    suggestion: Annotated[str | None, Field(description="The known name that was probably meant.")]
    part: Annotated[str, Field(description="body, header, footer, footnotes, endnotes, properties or other.")]
    paragraph: Annotated[int | None, Field(description="The number of the paragraph within the part, from 1.")]
    text: Annotated[str, Field(description="The text of that paragraph, cut at 100 characters.")]


class TemplateCheck(TypedDict):
    """What is wrong with a template, nothing where it can be used as it is, and the fields that it names."""

    faults: list[TemplateFault]
    fields: list[str]
