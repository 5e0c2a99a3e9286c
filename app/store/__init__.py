"""Every table and every query, a family of tables beside its queries."""
