"""HTTP: leads come in, webhooks come in, health is told."""
