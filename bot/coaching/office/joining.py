"""Use case: two people who are one and the same become one, with everything that either had."""

from datetime import datetime
from typing import Final

from bot.coaching.ground import trail
from bot.coaching.ground.context import Context
from bot.coaching.ground.errors import Conflict, Invalid
from bot.coaching.ground.values import Caller
from bot.coaching.office.administering import (
    ADMINISTRATORS,
    SHOWN,
    acts_for_everybody,
    find_administered,
    office_of,
)
from bot.coaching.office.people import EVERYBODY
from bot.coaching.sessions.planning_anew import PLANS, note_person
from storage.records import Person
from storage.transaction import Transaction
from storage.types import Standing

NOT_ONE: Final = "Slack doesn’t give these two one address, so they stay two people."
NOT_OURS: Final = "Only people who work here can be joined."


def join_people(context: Context, caller: Caller, kept_id: str, joined_id: str) -> bool:
    """Make one person of two for whom Slack gives one address; answers False where that is done.

    The first stays, with the sessions, notes, roles and notices of both. An administrator needs
    the divisions of both; the command line may join any two. Raises Denied, NotFound, Invalid,
    Conflict, Unavailable.
    """
    with context.begin() as tx:
        tx.people.hold([ADMINISTRATORS, EVERYBODY, PLANS])
        office = office_of(tx, caller)
        kept = find_administered(tx, office, kept_id)
        if not joined_id.isprintable() or tx.people.get(joined_id) is None:
            return False
        joined = find_administered(tx, office, joined_id)
        if kept.id == joined.id or not {kept.standing, joined.standing} <= SHOWN:
            raise Invalid(NOT_OURS)
        claimed = tx.accounts.claims([joined.id]).get(joined.id)
        if not acts_for_everybody(caller) and (claimed is None or claimed != kept.email):
            raise Invalid(NOT_ONE)
        if (obstacle := find_obstacle(tx, kept, joined)) is not None:
            raise Conflict(obstacle)
        merge(tx, caller, kept, joined, context.clock())
    return True


def find_obstacle(tx: Transaction, kept: Person, joined: Person) -> str | None:
    """Say which session stands against making one person of two; None where there is none.

    Both are held until the transaction ends.
    """
    tx.people.hold([kept.id, joined.id])
    found = tx.joining.obstacle(kept.id, joined.id)
    if found is None:
        return None
    if found.is_same:
        return f"Both take part in “{found.name}”, so they can’t be made one person."
    return (
        f"The session “{found.name}” overlaps with one of the other. Move one of the two first, "
        "then join them."
    )


def merge(tx: Transaction, caller: Caller, kept: Person, joined: Person, now: datetime) -> None:
    """Let one person have everything of the other; EVERYBODY and PLANS are held.

    Whoever is kept is written to by an account in use: their own, or else the other's.
    """
    tx.accounts.claim(kept.id, None)
    tx.accounts.claim(joined.id, None)
    tx.plans.drop_person(joined.id)
    grants = {*tx.people.grants(kept.id), *tx.people.grants(joined.id)}
    changed = _as_one(kept, joined)
    tx.joining.move(joined.id, kept.id)
    row = tx.people.for_change(kept.id)
    before = {name: getattr(row, name) for name in changed}
    for name, value in changed.items():
        setattr(row, name, value)
    tx.people.flush()
    account = changed.get("slack_user_id", kept.slack_user_id)
    for each in (kept, joined):
        if each.slack_user_id is not None and each.slack_user_id != account:
            tx.accounts.keep_further(
                each.slack_user_id, kept.id, each.standing, team_id=each.slack_team_id
            )
    tx.people.replace_grants(kept.id, grants)
    note_person(tx, kept, hours_decided=False, now=now)
    deed = trail.Deed(
        action="join",
        entity="person",
        entity_id=kept.id,
        before={**before, "joined": {"id": joined.id, "name": joined.name, "email": joined.email}},
        after={**changed, "grants": sorted(grants)},
    )
    # Whoever joins themselves is the one who stays.
    actor = Caller(kept.id, caller.source) if caller.person_id == joined.id else caller
    trail.record(tx, actor, now, deed)


def _as_one(kept: Person, joined: Person) -> dict[str, object]:
    """Say what is another about the one who stays."""
    changed: dict[str, object] = {}
    is_out_of_use = kept.slack_user_id is None or kept.standing is not Standing.MEMBER
    if is_out_of_use and joined.slack_user_id is not None:
        changed |= {"slack_user_id": joined.slack_user_id, "standing": joined.standing}
        changed |= {
            "slack_channel": joined.slack_channel,
            "slack_team_id": joined.slack_team_id,
        }
    for name in ("email", "manager_id", "working_hours"):
        if getattr(kept, name) is None and getattr(joined, name) not in (None, kept.id):
            changed[name] = getattr(joined, name)
    return changed
