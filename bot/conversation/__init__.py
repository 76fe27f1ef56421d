"""Texts and emails with a borrower, in both directions, and what ends them."""
