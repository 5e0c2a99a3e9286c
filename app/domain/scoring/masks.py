"""Masks over a cohort that know when they mean everybody or nobody.

A board asks the same few questions of every node, and the answer is nearly always "all of them" or "none". Those
two answers are one shared array each, recognised by identity, so that a board of 13,000 units is mostly points: what
it does not allocate costs neither time nor page faults. Any other mask is combined unit by unit.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from app.domain.scoring.arithmetic import Mask


class CohortMasks:
    """The units of one cohort, by number. Arrays made here are shared and cannot be written to."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._shared: dict[int, npt.NDArray[np.int8]] = {}
        self.everybody: Mask = self.codes(1).view(np.bool_)
        self.nobody: Mask = self.codes(0).view(np.bool_)

    def codes(self, code: int) -> npt.NDArray[np.int8]:
        """The same small code for every unit."""
        if code not in self._shared:
            self._shared[code] = np.full(self.size, code, dtype=np.int8)
            self._shared[code].setflags(write=False)
        return self._shared[code]

    def shared(self, mask: Mask) -> Mask:
        """The mask itself, or the shared one where it says the same."""
        if mask is self.everybody or mask is self.nobody:
            return mask
        count = np.count_nonzero(mask)
        if count == self.size:
            return self.everybody
        return mask if count else self.nobody

    def difference(self, mask: Mask, without: Mask) -> Mask:
        """Those of `mask` who are not in `without`."""
        if without is self.nobody:
            return mask
        return self.nobody if mask is self.nobody or without is self.everybody else self.shared(mask & ~without)

    def intersection(self, *masks: Mask) -> Mask:
        """Those who are in every one of the masks; everybody where there is none."""
        inside = self.everybody
        for mask in masks:
            if mask is self.nobody:
                return mask
            if mask is not self.everybody:
                inside = mask if inside is self.everybody else inside & mask
        return self.shared(inside)

    def union(self, *masks: Mask) -> Mask:
        """Those who are in any of the masks; nobody where there is none."""
        inside = self.nobody
        for mask in masks:
            if mask is self.everybody:
                return mask
            if mask is not self.nobody:
                inside = mask if inside is self.nobody else inside | mask
        return self.shared(inside)

    def where(self, mask: Mask, inside: npt.NDArray[Any], outside: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """`inside` for the units of the mask, `outside` for the others."""
        if mask is self.everybody or inside is outside:
            return inside
        return outside if mask is self.nobody else np.where(mask, inside, outside)
