"""An escalation policy of one's own, as changes to the example config."""

_BEFORE = "# A team or source with open leads"
OWN_STEPS = {
    _BEFORE: f"""escalation_policies:
  - key: default
    unclaimed:
      - {{after: 0, do: ring_best}}
      - {{after: 1, do: ring_again}}
      - {{after: 9, do: tell_team_lead}}
    uncontacted:
      - {{after: 2, do: message, whom: sam}}
      - {{after: 15, do: take_back}}

{_BEFORE}""",
}
