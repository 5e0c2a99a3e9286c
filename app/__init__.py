"""chiso: a score service for Decision 766/QĐ-TTg and any index like it."""
