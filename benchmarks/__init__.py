"""What docs/performance.md reports, measured: ratios between two things in one run on the same data (speed.md)."""
