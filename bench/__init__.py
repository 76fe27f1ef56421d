"""How fast a lead rings: measured from outside, never a timed test. `python -m bench` prints and keeps the table in RESULTS.md."""
