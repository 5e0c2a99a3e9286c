"""Pure rules: frameworks, scoring, periods, ranks, changes, figures. No session, clock or environment."""
