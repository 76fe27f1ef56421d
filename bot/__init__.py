"""Leadbell: rings until a loan officer picks up."""
