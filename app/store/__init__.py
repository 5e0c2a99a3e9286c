"""Every table and every query, a family of tables with its queries."""
