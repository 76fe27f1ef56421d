"""What leaves by itself: sequences, and rates that are worth a talk."""
