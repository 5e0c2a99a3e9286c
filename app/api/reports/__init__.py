"""Routes of the reports, and of the targets, publications and tasks that some of them tell of."""
