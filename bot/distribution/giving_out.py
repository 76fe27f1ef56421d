"""A lead is given to an officer by the rule that it came under: to whose turn it is, or to whom it is meant for."""

from collections.abc import Sequence

from pydantic import TypeAdapter

from bot.distribution.handing_over import Hand, hand_over, why_not
from bot.leads.scene import Scene
from bot.rules.routing import GIVEN_OUT, Route
from bot.rules.turns import whose_turn
from bot.store.clocks import advance_clock
from bot.store.events import Fact, append_event
from bot.store.naming import who_has_key
from bot.store.postings import post_update
from bot.store.seen import once
from bot.store.turns import is_locked_at_once, turns_of

_told: TypeAdapter[int] = TypeAdapter(int)


def gives_out(scene: Scene) -> bool:
    """Whether the rule gives this lead to somebody. Once: what came back to the pool is for whoever claims it, and whose borrower was
    promised a call for now rings."""
    route = scene.lead.route
    return route is not None and route.mode in GIVEN_OUT and scene.due.round == 1 and scene.lead.booked_for is None


def named(scene: Scene, ranked: Sequence[int]) -> list[int]:
    """Those of the officers to whom the rule gives; where it names nobody, all of them."""
    route = scene.lead.route
    return scene.meant(ranked) if route is not None and route.officers else list(ranked)


def give_out(scene: Scene, takers: Sequence[int], *, soft_caps: bool) -> bool:
    """Make one of these officers the owner, and return whether somebody becomes it, now or in a second. The others are told nothing.
    With `soft_caps` a day that is full by now is no reason."""
    if not takers:
        return False
    officer = _whose(scene, takers)
    if not is_locked_at_once(scene.session, officer) or _whose(scene, takers) != officer:
        # They press something at this very moment, or were given another lead in it.
        advance_clock(scene.session, scene.due, scene.due.step, scene.not_before(scene.now), started_at=scene.due.started_at)
        return True
    if why_not(scene.session, officer, scene.lead.number, scene.now, soft_caps=soft_caps) is not None:
        return give_out(scene, [each for each in takers if each != officer], soft_caps=soft_caps)
    route = scene.lead.route
    weights = _weights(scene, takers) if _in_turn(scene) else None
    by = route.rule if route and (route.mode in GIVEN_OUT or route.officers) else scene.due.policy_key
    hand = Hand("leadbell", by, scene.now, scene.salt, by_rule=True, weights=weights)
    handed = hand_over(scene.session, scene.lead.number, officer, hand)
    assert handed is not None, "the lead is locked since it was looked at, and free"
    scene.batch.look_again()
    scene.leases.extend(handed.leases)
    if route is not None and _keys(scene)[officer] not in route.named:
        tell_not_theirs(scene)
    return True


def tell_not_theirs(scene: Scene) -> None:
    """The officers whom the lead itself named, if it named any, could not take it: its thread says why, once."""
    route = scene.lead.route
    if route is not None and route.named:
        once(scene.session, f"meant:{scene.lead.number}", scene.now, _told, lambda: _tell_why(scene, route))


def _tell_why(scene: Scene, route: Route) -> int:
    meant = []
    for key, by in route.named.items():
        name, works_here = who_has_key(scene.session, key)
        meant.append({"officer": name, "by": by, "because": _against(scene, key) if works_here else "inactive"})
    seq = append_event(scene.session, scene.lead.number, Fact("meant_for", "leadbell", scene.now, {"meant": meant}), scene.salt)
    post_update(scene.session, scene.lead.number, "meant_for", seq, scene.lead.score)
    return seq


def _against(scene: Scene, key: str) -> str | None:
    """Why this officer is not given the lead, by the label that says so; None where they took another in this very moment."""
    member = next((each for each in scene.members if each.key == key), None)
    if member is None:
        return "other_team"
    if (because := scene.refusal_of(member, soft_caps=scene.caps_are_soft)) is not None:
        return because.reason.value
    if scene.alone not in (None, member.id):
        return "not_on_call"
    return "passed" if member.passed else "let_go" if member.let_go else None if member.reachable else "unreachable"


def _whose(scene: Scene, takers: Sequence[int]) -> int:
    """Whose turn it is, of those who speak the borrower's language if there are any; or who is the first in the rule's own order, or the
    first of the takers where it names none of them."""
    if _in_turn(scene):
        return whose_turn(turns_of(scene.session, scene.lead.team_id), _weights(scene, _speakers(scene, takers) or takers))
    keys, order = _keys(scene), list(scene.lead.route.officers if scene.lead.route else ())
    return min(takers, key=lambda officer: order.index(keys[officer]) if keys[officer] in order else len(order))


def _in_turn(scene: Scene) -> bool:
    return scene.lead.route is not None and scene.lead.route.mode == "round_robin"


def _speakers(scene: Scene, takers: Sequence[int]) -> list[int]:
    """Those of them who speak the borrower's language."""
    wanted = scene.lead.details.get("language")
    return [member.id for member in scene.members if member.id in takers and (wanted is None or wanted in member.languages)]


def _weights(scene: Scene, takers: Sequence[int]) -> dict[int, int]:
    keys, weights = _keys(scene), scene.lead.route.officers if scene.lead.route else {}
    return {officer: weights.get(keys[officer], 1) for officer in takers}


def _keys(scene: Scene) -> dict[int, str]:
    return {member.id: member.key for member in scene.members}
