"""A lead is looked at and worked: its facts, its stages, what an officer notes, plans and takes back."""
