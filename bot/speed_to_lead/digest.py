"""What an officer whom rings gave no rest this hour finds in one message instead: the other free leads, kept up to date."""

from datetime import timedelta

from bot.leads.scene import Scene
from bot.store.events import COMPANY, Fact, append_event
from bot.store.postings import post_notice
from bot.store.rings import open_digest

ONE_PER = timedelta(hours=1)


def digest_of(scene: Scene, officer_id: int) -> int:
    """The officer's digest of this hour, in which the lead is to stand; begun where there is none."""
    batch = scene.batch
    if officer_id not in batch.digests:
        open_one = open_digest(scene.session, officer_id, scene.now - ONE_PER)
        if open_one is None:
            fact = Fact("digest", "leadbell", scene.now, {}, officer_id=officer_id)
            open_one = append_event(scene.session, COMPANY, fact, scene.salt)
            scene.leases.extend(post_notice(scene.session, None, officer_id, "digest", open_one, scene.lead.score, at_once=True))
        else:
            batch.changed_digests.add(open_one)
        batch.digests[officer_id] = open_one
    return batch.digests[officer_id]
