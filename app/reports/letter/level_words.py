"""What letters call the units of a level, which depends on whose they are: a ministry's departments are no "Sở"."""

from typing import NamedTuple

from app.domain.vocabulary import Level
from app.reports.letter.sentences import BODIES


class LevelWords(NamedTuple):
    """A level as a stage that is told of, above a list, where its scoring is explained, and addressed."""

    stage: str
    heading: str
    scored: str
    addressed: str


LEVEL_WORDS: dict[Level, LevelWords] = {
    "ministry": LevelWords("Bộ, ngành", "Bộ, ngành", "các bộ, ngành", "Các bộ, ngành"),
    "province": LevelWords(
        "Tỉnh, thành phố", "Tỉnh, thành phố", "các tỉnh, thành phố", "Ủy ban nhân dân các tỉnh, thành phố"
    ),
    "department": LevelWords("Cấp tỉnh", "Sở, ban, ngành", "các Sở, ban, ngành", "Các sở, ban, ngành"),
    "district": LevelWords("Cấp huyện", "UBND cấp huyện", BODIES["district"], "Ủy ban nhân dân các huyện, thành phố"),
    "commune": LevelWords("Cấp xã", "UBND cấp xã", BODIES["commune"], "Ủy ban nhân dân các xã, phường"),
    "other": LevelWords(
        "Cơ quan, đơn vị khác", "Cơ quan khác", "các cơ quan, đơn vị khác", "Các cơ quan, đơn vị liên quan"
    ),
}
OWN = LevelWords(
    "Cơ quan, đơn vị trực thuộc",
    "Cơ quan, đơn vị trực thuộc",
    "các cơ quan, đơn vị trực thuộc",
    "Các cơ quan, đơn vị trực thuộc",
)
"""The departments of a body that is no province: of a ministry, say."""


def level_words(level: Level, over: Level | None) -> LevelWords:
    """The words for a level below a unit of the level `over`; None: for those of the whole country.

    >>> level_words("department", "province").stage, level_words("department", "ministry").stage
    ('Cấp tỉnh', 'Cơ quan, đơn vị trực thuộc')
    """
    return OWN if level == "department" and over not in (None, "province") else LEVEL_WORDS[level]
