"""Under which indicators the figures of the portal's answers are kept, by the portal's names for them."""

from collections.abc import Mapping
from functools import cached_property

from pydantic import BaseModel, ConfigDict

from app.domain.vocabulary import Code

STRICT = ConfigDict(extra="forbid", frozen=True)


class PortalGroup(BaseModel):
    """Points that the portal gives: the names that answers have for them, and how many can be earned."""

    model_config = STRICT

    indicator: Code
    max: int
    names: tuple[str, ...]


class PortalIndicators(BaseModel):
    """The indicators of the portal's figures; `confused` are the two groups often taken for each other."""

    model_config = STRICT

    groups: tuple[PortalGroup, ...]
    total: PortalGroup
    confused: tuple[Code, Code]
    shares: Mapping[str, Code]
    numbers: Mapping[str, Code]

    @cached_property
    def points(self) -> Mapping[str, Code]:
        """The indicators of points, by the names of their groups and of the total."""
        return {name: group.indicator for group in (*self.groups, self.total) for name in group.names}

    @cached_property
    def by_name(self) -> Mapping[str, Code]:
        """All indicators, by metric, group, or the fields that a figure without a code is made of."""
        return {**self.points, **self.shares, **self.numbers}

    @cached_property
    def maxima(self) -> Mapping[Code, int]:
        """How many points can be earned, by indicator."""
        return {group.indicator: group.max for group in (*self.groups, self.total)}

    @cached_property
    def other(self) -> Mapping[Code, Code]:
        """The indicator that one of the two confused groups is taken for."""
        one, two = self.confused
        return {one: two, two: one}
