"""Calls with a borrower, in both directions."""
