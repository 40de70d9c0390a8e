"""Vertical inspection and assessment (task 11): what scores count, how they are reckoned, shown and handed over."""
