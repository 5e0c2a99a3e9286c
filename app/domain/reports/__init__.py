"""The rules behind reports: layouts, targets, publications, tasks, and two sources side by side."""
