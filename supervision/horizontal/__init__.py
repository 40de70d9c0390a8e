"""Horizontal supervision (task 12): what motions ask for, count and show."""
