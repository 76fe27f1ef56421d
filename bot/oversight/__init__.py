"""What compliance asks for, and what Leadbell watches over itself."""
