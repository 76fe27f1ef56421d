"""What happens by itself: the due loop for what is owed, the calendar for what belongs to a date."""
