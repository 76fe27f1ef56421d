"""Slack: what people press, type and read there."""
