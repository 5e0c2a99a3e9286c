"""Masks over a cohort that know when they mean everybody or nobody.

A board asks the same few questions of every node, and the answer is nearly always "all of them" or "none". Those
two answers are one shared array each, recognised by identity, so that they cost nothing; any other mask is combined
unit by unit. What comes out is the same either way.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from app.domain.arithmetic import Ints, Mask, sum_of


class Crowd:
    """The units of one cohort, by number. Arrays made here are shared and cannot be written to."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._constants: dict[tuple[int, type], npt.NDArray[Any]] = {}
        self.everybody: Mask = self._shared(1, np.bool_)
        self.nobody: Mask = self._shared(0, np.bool_)

    def codes(self, code: int) -> npt.NDArray[np.int8]:
        """The same small code for every unit."""
        return self._shared(code, np.int8)

    def ints(self, number: int) -> Ints:
        """The same number for every unit."""
        return self._shared(number, np.int64)

    def _shared(self, number: int, kind: type) -> npt.NDArray[Any]:
        if (number, kind) not in self._constants:
            made: npt.NDArray[Any] = np.full(self.size, number, dtype=kind)
            made.setflags(write=False)
            self._constants[number, kind] = made
        return self._constants[number, kind]

    def sum(self, parts: Sequence[Ints], bound: int) -> Ints:
        """Σ parts, of which each may be a shared number; `bound` limits the sum of their absolute values."""
        numbers = {id(made): number for (number, _), made in self._constants.items()}
        same = sum(numbers.get(id(part), 0) for part in parts)
        differing = [part for part in parts if id(part) not in numbers]
        if not differing:
            return self.ints(same)
        return sum_of([*differing, self.ints(same)] if same else differing, bound)

    def seen(self, mask: Mask) -> Mask:
        """The mask itself, or the shared one where it says the same."""
        if mask is self.everybody or mask is self.nobody:
            return mask
        if mask.all():
            return self.everybody
        return mask if mask.any() else self.nobody

    def but(self, mask: Mask, without: Mask) -> Mask:
        """Those of `mask` who are not in `without`."""
        if without is self.nobody:
            return mask
        return self.nobody if mask is self.nobody or without is self.everybody else self.seen(mask & ~without)

    def both(self, *masks: Mask) -> Mask:
        """Those who are in every one of the masks; everybody where there is none."""
        if any(mask is self.nobody for mask in masks):
            return self.nobody
        partial = [mask for mask in masks if mask is not self.everybody]
        return self.seen(np.logical_and.reduce(partial)) if partial else self.everybody

    def either(self, *masks: Mask) -> Mask:
        """Those who are in any of the masks; nobody where there is none."""
        if any(mask is self.everybody for mask in masks):
            return self.everybody
        partial = [mask for mask in masks if mask is not self.nobody]
        return self.seen(np.logical_or.reduce(partial)) if partial else self.nobody

    def where(self, mask: Mask, inside: npt.NDArray[Any], outside: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """`inside` for the units of the mask, `outside` for the others."""
        if mask is self.everybody or inside is outside:
            return inside
        return outside if mask is self.nobody else np.where(mask, inside, outside)
