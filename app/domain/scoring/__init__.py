"""From figures to points, totals, classes, ranks and changes, exactly; and why, in words."""
