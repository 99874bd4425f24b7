"""Use cases: what a person chooses for themselves, and what follows for what was promised."""

import enum
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import time
from typing import Any, Final

from bot.coaching.ground import trail
from bot.coaching.ground.context import Context
from bot.coaching.ground.errors import Denied, Invalid
from bot.coaching.ground.lookup import access_of, reader_of
from bot.coaching.ground.permissions import Permission
from bot.coaching.ground.unset import UNSET, Unset
from bot.coaching.ground.values import Caller
from bot.coaching.policy.policies import Lead, Policy
from bot.coaching.policy.quiet_hours import QuietHours
from bot.coaching.promises.ladder import habits, lead_named, leads_named, offered_leads, quiet_of
from bot.coaching.promises.replanning import lock, replan, replan_beside
from bot.coaching.promises.summaries import plan_summaries
from storage.records import Preferences

MOST_LEADS: Final = 20


class Quiet(enum.StrEnum):
    """Which quiet hours somebody has."""

    USUAL = "usual"
    NEVER = "never"
    OWN = "own"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsPage:
    """What a person chose, as it holds, with what there is to choose from."""

    timezone: str
    hours: int | None
    """12 or 24; None: as their Slack has it."""
    offered_leads: tuple[Lead, ...]
    facilitator_leads: tuple[str, ...]
    attendee_leads: tuple[str, ...]
    usual_quiet: QuietHours | None
    quiet: Quiet
    quiet_hours: QuietHours | None
    agenda_at: time | None
    leads_others: bool
    """Whether the weekly digest is for them at all."""
    weekly_digest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsChanges:
    """What to choose; a field left UNSET stays, None is as it is for everybody."""

    hours: int | Unset | None = UNSET
    facilitator_leads: Sequence[str] | Unset | None = UNSET
    attendee_leads: Sequence[str] | Unset | None = UNSET
    quiet: Quiet | Unset = UNSET
    quiet_from: time | None = None
    """Read only with quiet hours of one's own."""
    quiet_to: time | None = None
    agenda_at: time | Unset | None = UNSET
    weekly_digest: bool | Unset = UNSET


def settings_page(context: Context, caller: Caller) -> SettingsPage:
    """Show what a person chose. Raises Denied, Unavailable."""
    policy = context.policy
    with context.read() as tx:
        reader = reader_of(tx, caller)
        chosen = tx.preferences.of(reader.id)
        leads_others = access_of(tx, caller).holds(Permission.APPOINTMENT_VIEW)
    return SettingsPage(
        timezone=reader.timezone,
        hours=chosen.hours,
        offered_leads=_offered(chosen, policy),
        facilitator_leads=_names(chosen.facilitator_leads, policy),
        attendee_leads=_names(chosen.attendee_leads, policy),
        usual_quiet=policy.quiet_hours,
        quiet=_kind_of(chosen.quiet_hours),
        quiet_hours=quiet_of(chosen.quiet_hours, policy),
        agenda_at=time.fromisoformat(chosen.agenda_at) if chosen.agenda_at else None,
        leads_others=leads_others,
        weekly_digest=leads_others and bool(chosen.weekly_digest),
    )


def change_settings(context: Context, caller: Caller, changes: SettingsChanges) -> None:
    """Choose otherwise; what was promised and is still ahead follows at once.

    Raises Invalid, Denied, Unavailable.
    """
    now, policy = context.clock(), context.policy
    with context.begin() as tx:
        reader = reader_of(tx, caller)
        if changes.weekly_digest is True:
            _ensure_leads(access_of(tx, caller).holds(Permission.APPOINTMENT_VIEW))
        sessions = lock(tx, reader.id, now)
        before = tx.preferences.of(reader.id)
        after = _chosen(before, changes, policy)
        if after == before:
            return
        tx.preferences.save(reader.id, after)
        chosen = habits(reader, after, policy)
        replan(tx, reader.id, sessions, chosen, now=now, policy=policy)
        replan_beside(tx, reader.id, chosen, now=now, policy=policy)
        plan_summaries(tx, {reader.id: after}, now, policy)
        old, new = trail.difference(asdict(before), asdict(after))
        deed = trail.Deed(
            action="choose", entity="preferences", entity_id=reader.id, before=old, after=new
        )
        trail.record(tx, caller, now, deed)


def _chosen(before: Preferences, changes: SettingsChanges, policy: Policy) -> Preferences:
    """Give the choices as they will be stored; refuse the first that is wrong."""
    found: dict[str, Any] = {}
    if changes.hours is not UNSET:
        found["hours"] = _checked_hours(changes.hours)
    if changes.facilitator_leads is not UNSET:
        leads = changes.facilitator_leads
        found["facilitator_leads"] = _checked_leads(leads, "facilitator_leads", policy)
    if changes.attendee_leads is not UNSET:
        leads = changes.attendee_leads
        found["attendee_leads"] = _checked_leads(leads, "attendee_leads", policy)
    if changes.quiet is not UNSET:
        found["quiet_hours"] = _checked_quiet(changes.quiet, changes)
    if changes.agenda_at is not UNSET:
        found["agenda_at"] = f"{changes.agenda_at:%H:%M}" if changes.agenda_at else None
    if changes.weekly_digest is not UNSET:
        found["weekly_digest"] = changes.weekly_digest or None
    return replace(before, **found)


def _checked_hours(hours: int | None) -> int | None:
    if hours not in {None, 12, 24}:
        raise Invalid("Clocks show 12 or 24 hours. Please pick one of them.", field="hours")
    return hours


def _checked_leads(names: Sequence[str] | None, field: str, policy: Policy) -> list[str] | None:
    """Give the names in the order of their moments; those of the policy are no choice."""
    if names is None:
        return None
    known = {each.name for each in policy.leads}
    if len(names) > MOST_LEADS or any(
        each not in known and lead_named(each) is None for each in names
    ):
        raise Invalid("One of these reminders isn’t offered. Please pick again.", field=field)
    found = sorted(leads_named(list(dict.fromkeys(names)), policy), key=lambda each: -each.before)
    usual = {each.before for each in policy.leads}
    return None if {each.before for each in found} == usual else [each.name for each in found]


def _checked_quiet(kind: Quiet, changes: SettingsChanges) -> dict[str, Any] | None:
    if kind is not Quiet.OWN:
        return None if kind is Quiet.USUAL else {}
    if changes.quiet_from is None:
        raise Invalid("Please pick when your quiet hours begin.", field="quiet_from")
    if changes.quiet_to is None:
        raise Invalid("Please pick when your quiet hours end.", field="quiet_to")
    if changes.quiet_from == changes.quiet_to:
        raise Invalid("Quiet hours need to end at another time than they begin.", field="quiet_to")
    return {"from": f"{changes.quiet_from:%H:%M}", "to": f"{changes.quiet_to:%H:%M}"}


def _ensure_leads(leads_others: bool) -> None:  # noqa: FBT001
    if not leads_others:
        raise Denied("The weekly summary is for people who lead others.", field="weekly_digest")


def _kind_of(chosen: dict[str, Any] | None) -> Quiet:
    if chosen is None:
        return Quiet.USUAL
    return Quiet.OWN if chosen else Quiet.NEVER


def _names(chosen: Sequence[str] | None, policy: Policy) -> tuple[str, ...]:
    """Name the leads that hold as they are offered."""
    offered = {each.before: each.name for each in offered_leads(policy)}
    return tuple(offered.get(each.before, each.name) for each in leads_named(chosen, policy))


def _offered(chosen: Preferences, policy: Policy) -> tuple[Lead, ...]:
    """List what there is to choose from, with what somebody chose when it was still offered."""
    own = (
        each
        for names in (chosen.facilitator_leads, chosen.attendee_leads)
        for each in leads_named(names, policy)
    )
    found = {each.before: each for each in (*own, *offered_leads(policy))}
    return tuple(found[each] for each in sorted(found, reverse=True))
