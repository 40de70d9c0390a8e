"""Pages of the sectors: shared ones for every sector, and those that a single sector needs besides."""
