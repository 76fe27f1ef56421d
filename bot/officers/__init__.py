"""Who works here, when, and who stands in for whom."""
