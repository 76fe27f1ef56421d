"""To the borrower."""
