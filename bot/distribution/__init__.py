"""Who gets a lead: what it is worth, which rule it comes under, who may take it, and who does."""
