"""Reports: the tables and lists of the letters, over live data or over what an evaluation froze."""
