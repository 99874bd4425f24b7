"""What administrators may decide in Slack: each decision's words, its bounds, and its place."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from bot.coaching.policy.policies import Policy
from bot.coaching.policy.typed_values import (
    leads,
    number,
    quiet_hours,
    say_lead,
    say_quiet_hours,
    time_of_day,
    yes_or_no,
)
from bot.coaching.times.wording import counted

DAY_MINUTES: Final = 1440
GUESTS: Final = "guests"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision: kept as it is typed, so that the environment's readers read it, too."""

    name: str
    """The name under which it is kept; a stored decision is found by it."""
    field: str
    """The field of the policy."""
    title: str
    sentence: str
    read: Callable[[str], Any]
    """Reads what was typed. Raises ValueError, which says what would fit."""
    write: Callable[[Any], str]
    """Writes the policy's value as it would be typed."""
    say: Callable[[str], str]
    """Says what was typed in a line for people."""
    is_yes_or_no: bool = False


def _minutes(least: int, most: int) -> Callable[[str], timedelta]:
    read = number(least, most)
    return lambda value: timedelta(minutes=read(value))


def _in_minutes(span: timedelta) -> str:
    return str(round(span / timedelta(minutes=1)))


def _yes_no(value: bool) -> str:  # noqa: FBT001
    return "yes" if value else "no"


def _said(noun: str, after: str = "") -> Callable[[str], str]:
    return lambda typed: f"{counted(int(typed), noun)}{after}"


def _say_leads(typed: str) -> str:
    *others, last = [say_lead(each.name) for each in leads(typed)] or ["No reminders"]
    if others:
        return f"{', '.join(others)} and {last} before"
    return f"{last} before" if typed else last


DECISIONS: Final[Sequence[Decision]] = (
    Decision(
        name="max_length_minutes",
        field="max_length_minutes",
        title="Longest session",
        sentence="In minutes, up to a day.",
        read=number(1, DAY_MINUTES),
        write=str,
        say=_said("minute"),
    ),
    Decision(
        name="horizon_days",
        field="horizon_days",
        title="How far ahead",
        sentence="How many days ahead a session may be scheduled.",
        read=number(1, 3650),
        write=str,
        say=_said("day"),
    ),
    Decision(
        name="inbox_days",
        field="inbox_days",
        title="What the inbox shows",
        sentence="How many days back and ahead the inbox looks.",
        read=number(1, 3650),
        write=str,
        say=_said("day", " back and ahead"),
    ),
    Decision(
        name="reminder_leads",
        field="leads",
        title="Reminders",
        sentence="How long before the start: 24h, 1h, 10m. Leave it empty for no reminders.",
        read=leads,
        write=lambda value: ",".join(each.name for each in value),
        say=_say_leads,
    ),
    Decision(
        name="late_reminder_minutes",
        field="late_reminder",
        title="Late reminders",
        sentence="How many minutes after the start a reminder that was held up is still sent.",
        read=_minutes(0, 60),
        write=_in_minutes,
        say=_said("minute", " after the start"),
    ),
    Decision(
        name="overdue_after_minutes",
        field="overdue_after",
        title="Overdue",
        sentence="How many minutes after its end a session that is not completed is asked about.",
        read=_minutes(1, 10_080),
        write=_in_minutes,
        say=_said("minute", " after the end"),
    ),
    Decision(
        name="overdue_times",
        field="overdue_times",
        title="How often to ask",
        sentence="How often somebody is asked about one overdue session, in all.",
        read=number(1, 20),
        write=str,
        say=_said("time"),
    ),
    Decision(
        name="overdue_at",
        field="overdue_at",
        title="When to ask again",
        sentence="The time on their own clocks, on the days they work, such as 09:00.",
        read=time_of_day,
        write=lambda value: f"{value:%H:%M}",
        say=str,
    ),
    Decision(
        name="escalate",
        field="escalate",
        title="Tell somebody above",
        sentence="Whether the facilitator’s manager, or a quality manager, hears of it in the end.",
        read=yes_or_no,
        write=_yes_no,
        say=str.capitalize,
        is_yes_or_no=True,
    ),
    Decision(
        name="quiet_hours",
        field="quiet_hours",
        title="Quiet hours",
        sentence="When reminders wait, unless somebody chose otherwise: 20:00-07:00, or never.",
        read=quiet_hours,
        write=say_quiet_hours,
        say=lambda typed: typed.capitalize().replace("-", "–"),
    ),
    Decision(
        name="attendee_notes",
        field="attendees_may_note",
        title="Notes by attendees",
        sentence="Whether attendees may add notes that everybody in the session sees.",
        read=yes_or_no,
        write=_yes_no,
        say=str.capitalize,
        is_yes_or_no=True,
    ),
    Decision(
        name=GUESTS,
        field="guests_take_part",
        title="Guests",
        sentence="Whether guests of the workspace take part like everybody else.",
        read=yes_or_no,
        write=_yes_no,
        say=str.capitalize,
        is_yes_or_no=True,
    ),
    Decision(
        name="undo_seconds",
        field="undo_seconds",
        title="Undo",
        sentence="How many seconds there are to undo completing a session; 0 for none.",
        read=number(0, 3600),
        write=str,
        say=_said("second"),
    ),
)


def decision_of(name: str) -> Decision | None:
    """Find a decision by its name."""
    return next((each for each in DECISIONS if each.name == name), None)


def typed_value(decision: Decision, policy: Policy) -> str:
    """Write what a policy holds as it would be typed."""
    return decision.write(getattr(policy, decision.field))


def decided_on(defaults: Policy, decided: Mapping[str, Any]) -> Policy:
    """Lay decisions over the defaults; one that can't be read any more counts as not made."""
    changes: dict[str, Any] = {}
    for decision in DECISIONS:
        typed = decided.get(decision.name)
        if isinstance(typed, str):
            try:
                changes[decision.field] = decision.read(typed)
            except ValueError:
                continue
    return replace(defaults, **changes)
