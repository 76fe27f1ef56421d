"""Changes to the example config that put officers on call."""

from collections.abc import Mapping

BEFORE = "    escalation_policy: default      #"


def on_call(*officers: str) -> Mapping[str, str]:
    """Austin's rota: these officers in turn, handed over each Monday, for Saturday and Sunday evenings."""
    rota = f"""    rota:
      officers: [{", ".join(officers)}]
      hand_over: mon 8am
      since: 2026-01-05
      hours: {{sat-sun: 5pm-8pm}}
"""
    return {BEFORE: rota + BEFORE}
