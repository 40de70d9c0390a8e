"""Statistics for leadership: figures without names, each with its definition and its list."""
