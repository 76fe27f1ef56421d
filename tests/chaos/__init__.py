"""A storm over several Leadbells on one PostgreSQL while people work, and what must hold when it is over."""
