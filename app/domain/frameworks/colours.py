"""Colours of groups and classes in charts: those of the document, else ones that the colour-blind tell apart.

Groups: Okabe and Ito, "Color Universal Design", 2008, without its black. Classes: a scale from blue to red whose steps
differ in brightness as well.
"""

from collections.abc import Sequence

from app.domain.frameworks.framework import Band, Criterion, ViewGroup

GROUPS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999")
BANDS = ("#0571B0", "#6BAED6", "#FEE090", "#FC8D59", "#CA0020")
"""The best first."""


def group_colours(groups: Sequence[Criterion | ViewGroup]) -> list[str]:
    """A colour for each group; beyond the eighth they begin again."""
    return [group.color or GROUPS[place % len(GROUPS)] for place, group in enumerate(groups)]


def band_colours(bands: Sequence[Band]) -> list[str]:
    """A colour for each class, in whichever order they stand; the best and the worst keep the ends of the scale."""
    steps, most = max(len(bands) - 1, 1), len(BANDS) - 1
    best_first = sorted(bands, key=lambda band: band.min, reverse=True)
    scale = {band.code: BANDS[(2 * place * most + steps) // (2 * steps)] for place, band in enumerate(best_first)}
    return [band.color or scale[band.code] for band in bands]
