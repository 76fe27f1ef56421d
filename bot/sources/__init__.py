"""Where leads come from: a raw request in, a lead in our words out."""
