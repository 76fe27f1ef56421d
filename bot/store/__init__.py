"""The store: tables, and the questions and changes that each noun knows."""
