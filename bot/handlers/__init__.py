"""The doors: where people and other programs come in."""
