"""Leadbell in Discord, drawn natively."""
