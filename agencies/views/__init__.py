"""Pages of the agencies' area."""
