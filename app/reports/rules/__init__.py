"""What reports compute: layouts, comparisons, counts, targets and two sources side by side. Pure."""
