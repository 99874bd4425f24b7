"""The form for one's own settings: how it is built, and how what was picked is read.

The name of each block is the name of the field in the request and in the errors about it.
"""

from collections.abc import Sequence
from datetime import time
from typing import Final

import msgspec
from msgspec import Struct
from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    InputBlock,
    Option,
    RadioButtonsElement,
    StaticMultiSelectElement,
    TimePickerElement,
)
from slack_sdk.models.blocks.block_elements import InputInteractiveElement
from slack_sdk.models.views import View

from bot import coaching
from bot.slack.blocks import kit
from bot.slack.blocks.words import zone_words
from bot.slack.turns.loading import loading as loading_view
from bot.slack.turns.payloads import Entry, SeenView

CALLBACK: Final = "settings"
TITLE: Final = "Your settings"
TYPED: Final = "typed"
AS_IN_SLACK: Final = "slack"
DIGEST: Final = "digest"
CLOCKS: Final = {
    AS_IN_SLACK: "As in your Slack",
    "12": "12 hours, as in 3:05 pm",
    "24": "24 hours, as in 15:05",
}
UNITS: Final = {"d": "day", "h": "hour", "m": "minute"}


class Notes(Struct, frozen=True):
    """What the form carries with it: what it was built from."""

    timezone: str
    leads: tuple[str, ...]
    usual: tuple[str, str] | None
    leads_others: bool
    quiet: tuple[str | None, str | None] | None = None
    """The times that stood below the choice of quiet hours."""


class Filled(Struct, frozen=True):
    """What the form holds."""

    hours: int | None
    facilitator_leads: tuple[str, ...]
    attendee_leads: tuple[str, ...]
    quiet: coaching.Quiet
    quiet_from: str | None
    quiet_to: str | None
    agenda_at: str | None
    weekly_digest: bool


def loading() -> View:
    """What is seen in the moment before the form is there."""
    return loading_view(TITLE, "Getting your settings…", close="Cancel")


def refused(sentence: str) -> View:
    """What is seen in the form's place where there is none."""
    return kit.note_modal(TITLE, sentence)


def begin(page: coaching.SettingsPage) -> tuple[Notes, Filled]:
    """Say what the form starts with."""
    usual, own = page.usual_quiet, page.quiet_hours
    shown = own if page.quiet is coaching.Quiet.OWN else usual
    notes = Notes(
        timezone=page.timezone,
        leads=tuple(each.name for each in page.offered_leads),
        usual=(f"{usual.begins:%H:%M}", f"{usual.ends:%H:%M}") if usual else None,
        leads_others=page.leads_others,
        quiet=_times(shown),
    )
    filled = Filled(
        hours=page.hours,
        facilitator_leads=page.facilitator_leads,
        attendee_leads=page.attendee_leads,
        quiet=page.quiet,
        quiet_from=_times(shown)[0],
        quiet_to=_times(shown)[1],
        agenda_at=f"{page.agenda_at:%H:%M}" if page.agenda_at else None,
        weekly_digest=page.weekly_digest,
    )
    return notes, filled


def _times(hours: coaching.QuietHours | None) -> tuple[str | None, str | None]:
    return (f"{hours.begins:%H:%M}", f"{hours.ends:%H:%M}") if hours else (None, None)


def form(notes: Notes, filled: Filled, *, problem: str | None = None) -> View:
    """Build the form, holding what was picked; `problem` stands above it."""
    above = (kit.sentence(f"⚠️ {problem}"),) if problem else ()
    blocks = (*above, *_reminders(notes, filled), *_quiet(notes, filled))
    return kit.modal(
        TITLE,
        [*blocks, *_summaries(notes, filled), _clocks(filled)],
        submit="Save",
        close="Cancel",
        callback_id=CALLBACK,
        notes=msgspec.json.encode(notes).decode(),
    )


def _reminders(notes: Notes, filled: Filled) -> Sequence[Block]:
    return (
        _leads(
            "facilitator_leads",
            "Remind me before sessions I lead",
            notes.leads,
            filled.facilitator_leads,
        ),
        _leads(
            "attendee_leads",
            "Remind me before sessions I’m coached in",
            notes.leads,
            filled.attendee_leads,
        ),
    )


def _leads(name: str, label: str, offered: Sequence[str], chosen: Sequence[str]) -> Block:
    options = {each: _option(say_lead(each), each) for each in offered}
    element = StaticMultiSelectElement(
        action_id=TYPED,
        placeholder=kit.plain("No reminders"),
        options=list(options.values()),
        initial_options=[options[each] for each in chosen if each in options] or None,
    )
    return _field(name, label, element, optional=True)


def say_lead(name: str) -> str:
    """Say how long before a session: `24 hours before`."""
    number, unit = int(name[:-1]), UNITS[name[-1]]
    return f"{number} {unit}{'' if number == 1 else 's'} before"


def _quiet(notes: Notes, filled: Filled) -> Sequence[Block]:
    usual = "–".join(_clock(each, filled.hours) for each in notes.usual or ()) or "none"
    kinds = {
        coaching.Quiet.USUAL: f"As usual here: {usual}",
        coaching.Quiet.OWN: "At the times below",
        coaching.Quiet.NEVER: "Never",
    }
    options = {kind: _option(label, kind.value) for kind, label in kinds.items()}
    which = RadioButtonsElement(
        action_id=TYPED, options=list(options.values()), initial_option=options[filled.quiet]
    )
    zone = zone_words(notes.timezone)
    hint = f"Reminders wait until quiet hours end, unless the session starts before. {zone}."
    begins, ends = (
        TimePickerElement(action_id=TYPED, initial_time=each)
        for each in (filled.quiet_from, filled.quiet_to)
    )
    return (
        _field("quiet", "Quiet hours", which, hint=hint),
        _field("quiet_from", "Quiet from", begins, optional=True),
        _field("quiet_to", "Quiet until", ends, optional=True),
    )


def _clock(at: str, hours: int | None) -> str:
    """Say a time of the day as the reader's clock shows it."""
    told = time.fromisoformat(at)
    if hours == 24:
        return f"{told:%H:%M}"
    return f"{told.hour % 12 or 12}:{told:%M} {'am' if told.hour < 12 else 'pm'}"


def _summaries(notes: Notes, filled: Filled) -> Sequence[Block]:
    at = TimePickerElement(
        action_id=TYPED, initial_time=filled.agenda_at, placeholder=kit.plain("Off")
    )
    hint = f"On days that have a session. Leave it empty for none. {zone_words(notes.timezone)}."
    agenda = _field("agenda_at", "Send me my day at", at, hint=hint, optional=True)
    if not notes.leads_others:
        return (agenda,)
    option = _option("Send it on Mondays when something is overdue", DIGEST)
    boxes = CheckboxesElement(
        action_id=TYPED,
        options=[option],
        initial_options=[option] if filled.weekly_digest else None,
    )
    digest = _field("weekly_digest", "Weekly summary of your team", boxes, optional=True)
    return (agenda, digest)


def _clocks(filled: Filled) -> Block:
    options = {value: _option(label, value) for value, label in CLOCKS.items()}
    chosen = str(filled.hours) if filled.hours else AS_IN_SLACK
    element = RadioButtonsElement(
        action_id=TYPED, options=list(options.values()), initial_option=options[chosen]
    )
    return _field("hours", "Show times with", element)


def _option(label: str, value: str) -> Option:
    return Option(text=kit.plain(label, 75), value=value)


def _field(
    name: str,
    label: str,
    element: InputInteractiveElement,
    *,
    hint: str | None = None,
    optional: bool = False,
) -> Block:
    return InputBlock(
        block_id=name,
        label=kit.plain(label),
        element=element,
        hint=kit.plain(hint) if hint else None,
        optional=optional,
    )


def read(view: SeenView) -> tuple[Notes, Filled]:
    """Read a form that was sent. Raises MsgspecError for one of another bot."""
    notes = msgspec.json.decode(view.private_metadata, type=Notes)
    values = view.state.values if view.state else {}
    entries = {name: actions.get(TYPED, Entry()) for name, actions in values.items()}

    def entry(name: str) -> Entry:
        return entries.get(name, Entry())

    clock = entry("hours").selected_option
    quiet = entry("quiet").selected_option
    filled = Filled(
        hours=int(clock.value) if clock and clock.value.isdecimal() else None,
        facilitator_leads=_picked(entry("facilitator_leads")),
        attendee_leads=_picked(entry("attendee_leads")),
        quiet=coaching.Quiet(quiet.value) if quiet else coaching.Quiet.USUAL,
        quiet_from=entry("quiet_from").selected_time,
        quiet_to=entry("quiet_to").selected_time,
        agenda_at=entry("agenda_at").selected_time,
        weekly_digest=bool(entry("weekly_digest").selected_options),
    )
    return notes, filled


def _picked(entry: Entry) -> tuple[str, ...]:
    return tuple(each.value for each in entry.selected_options)


def request(notes: Notes, filled: Filled) -> coaching.SettingsChanges:
    """Say what was picked in the coaching's words."""
    return coaching.SettingsChanges(
        hours=filled.hours,
        facilitator_leads=filled.facilitator_leads,
        attendee_leads=filled.attendee_leads,
        quiet=_quiet_meant(notes, filled),
        quiet_from=_time(filled.quiet_from),
        quiet_to=_time(filled.quiet_to),
        agenda_at=_time(filled.agenda_at),
        weekly_digest=filled.weekly_digest if notes.leads_others else coaching.UNSET,
    )


def _quiet_meant(notes: Notes, filled: Filled) -> coaching.Quiet:
    """Who changes the times and leaves “as usual” where it stood means the times."""
    is_changed = notes.quiet not in (None, (filled.quiet_from, filled.quiet_to))
    meant = is_changed and filled.quiet is coaching.Quiet.USUAL and filled.quiet_from
    return coaching.Quiet.OWN if meant else filled.quiet


def _time(clock: str | None) -> time | None:
    return time.fromisoformat(clock) if clock else None
