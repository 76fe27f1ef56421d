"""What an officer whom rings gave no rest this hour finds in one message instead: the other free leads, kept up to date."""

from datetime import timedelta

from bot.leads.scene import Scene
from bot.store.events import COMPANY, Fact, append_event
from bot.store.postings import post_notice, redraw_digest
from bot.store.rings import note_listed, open_digest

ONE_PER = timedelta(hours=1)


def list_in_digest(scene: Scene, officer_id: int) -> None:
    """Add the lead to the officer's digest of this hour, or begin one."""
    seq = open_digest(scene.session, officer_id, scene.now - ONE_PER)
    if seq is None:
        fact = Fact("digest", "leadbell", scene.now, {}, officer_id=officer_id)
        seq = append_event(scene.session, COMPANY, fact, scene.salt)
        note_listed(scene.session, scene.lead.number, officer_id, scene.due.round, scene.now, seq)
        scene.leases.extend(post_notice(scene.session, None, officer_id, "digest", seq, scene.lead.score, at_once=True))
    else:
        note_listed(scene.session, scene.lead.number, officer_id, scene.due.round, scene.now, seq)
        redraw_digest(scene.session, seq)
