"""The national portal's saved answers: read, joined to our units and indicators, and proven."""
