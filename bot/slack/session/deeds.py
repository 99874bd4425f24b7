"""What can be done in the session form: keep what the tab tells, act, and show what is then.

What is half attached is attached first; a wrong one stays in its field, with what is wrong beneath.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from msgspec import structs

from bot import coaching
from bot.coaching import FormTab
from bot.slack.blocks.targets import Target, unpack
from bot.slack.messages import status
from bot.slack.notes.form import Editing
from bot.slack.session import form as session_form
from bot.slack.session.acts import Ended, half_typed_in, keep, show
from bot.slack.session.attachments import Attached, find
from bot.slack.session.frame import Carried, Shown, Told, anew
from bot.slack.session.schedule import WHEN
from bot.slack.turns.errors import Refusal, refusal_of


def turn_to(
    context: coaching.Context,
    caller: coaching.Caller,
    carried: Carried,
    told: Told,
    *,
    tab: FormTab,
) -> Shown:
    """Turn to another tab; what is half attached is attached first, or said to be wrong."""
    kept = attach_all(context, caller, carried, told)
    if kept.wrong is None:
        carried = structs.replace(kept.carried, tab=tab, page=1)
    return shown_of(context, caller, kept, carried)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a tab, and what in it is wrong."""

    page: coaching.FormPage
    carried: Carried
    wrong: Refusal | None
    half_typed: Mapping[str, str]


def attach(
    context: coaching.Context, caller: coaching.Caller, carried: Carried, told: Told
) -> Shown:
    """Keep what was typed and attach what stands in the fields; a wrong one stays there."""
    kept = attach_all(context, caller, carried, told)
    return shown_of(context, caller, kept, kept.carried)


def shown_of(
    context: coaching.Context, caller: coaching.Caller, kept: Kept, carried: Carried
) -> Shown:
    """Show what is kept, and beneath its field what is wrong."""
    shown = replace(show(context, caller, kept.page, carried), half_typed=kept.half_typed)
    if kept.wrong is None:
        return shown
    return replace(shown, problem=kept.wrong.sentence, at=kept.wrong.field)


def attach_all(
    context: coaching.Context, caller: coaching.Caller, carried: Carried, told: Told
) -> Kept:
    """Keep what a tab tells, and attach what stands in its fields, as far as it is right."""
    page = keep(context, caller, carried, told)
    wrong: Refusal | None = None
    half_typed: dict[str, str] = {}
    for kind, values in told.attached:
        try:
            page = coaching.attach(context, caller, carried.subject, kind, values)
            carried = anew(carried, kind)
        except coaching.Unavailable:
            raise
        except coaching.CoachingError as error:
            wrong = wrong or Refusal(refusal_of(error).sentence, kind)
            half_typed |= half_typed_in(told, kind)
    return Kept(page, carried, wrong, half_typed)


def detach(
    context: coaching.Context,
    caller: coaching.Caller,
    carried: Carried,
    told: Told,
    *,
    attached: Attached,
) -> Shown:
    """Take away something that is attached; what is gone already is no fault."""
    page = keep(context, caller, carried, told)
    value = find(page.typed, attached)
    if value is not None:
        page = coaching.detach(context, caller, carried.subject, attached.kind, value)
    return replace(show(context, caller, page, carried), half_typed=half_typed_in(told))


def look(
    context: coaching.Context,
    caller: coaching.Caller,
    carried: Carried,
    told: Told,
    *,
    change: Callable[[Carried], Carried],
) -> Shown:
    """Keep what was typed, and look at another part of the tab."""
    page = keep(context, caller, carried, told)
    return show(context, caller, page, change(carried))


def choose(
    context: coaching.Context,
    caller: coaching.Caller,
    carried: Carried,
    told: Told,
    *,
    seconds: int,
) -> Shown:
    """Take a time that was picked; it is said anew, and every field starts with it."""
    changes = replace(told.changes, starts_at=datetime.fromtimestamp(seconds, UTC))
    page = keep(context, caller, carried, replace(told, changes=changes))
    settled = structs.replace(anew(carried, *WHEN), question=None, told="")
    return show(context, caller, page, settled)


def start_over(
    context: coaching.Context, caller: coaching.Caller, carried: Carried, _told: Told
) -> Shown:
    """Forget what was typed, and begin with nothing."""
    token = carried.submission or None
    page = coaching.start_over(context, caller, carried.subject, submission=token)
    fresh = structs.replace(
        carried,
        question=None,
        told="",
        is_checked=False,
        page=1,
        submission=page.typed.submission,
    )
    return show(context, caller, page, anew(fresh, *session_form.TAB_OF, "slot"))


def become(
    context: coaching.Context,
    caller: coaching.Caller,
    carried: Carried,
    told: Told,
    *,
    reached: coaching.Status,
) -> Shown:
    """Take the session to a status, and show what can be done then."""
    keep(context, caller, carried, told)
    status.become(context, caller, Target(carried.subject), status=reached)
    return show(context, caller, keep(context, caller, carried, Told()), carried)


def delete(
    context: coaching.Context, caller: coaching.Caller, carried: Carried, _told: Told
) -> Ended:
    """Delete the session; who deleted it already is told that it is done."""
    try:
        coaching.delete(context, caller, carried.subject)
    except coaching.NotFound:
        if not coaching.has_deleted(context, caller, carried.subject):
            raise
    sentence = "This session is deleted. Everybody who was part of it is told."
    return Ended(sentence, is_lost=False)


def take_note_away(
    context: coaching.Context,
    caller: coaching.Caller,
    carried: Carried,
    told: Told,
    *,
    annotation_id: str,
) -> Shown:
    """Remove a note; one that is gone already is no fault."""
    try:
        coaching.delete_annotation(context, caller, carried.subject, annotation_id)
    except coaching.NotFound as error:
        if error.code != "annotation.deleted":
            raise
    return look(context, caller, carried, told, change=lambda same: same)


def write_note_anew(
    context: coaching.Context, caller: coaching.Caller, *, editing: Editing, text: str
) -> Shown:
    """Write a note anew, and show the form that lies below. Raises CoachingError."""
    place = editing.place
    coaching.edit_annotation(context, caller, place.appointment_id, place.annotation_id, text=text)
    carried = unpack(editing.form, Carried)
    return show(context, caller, keep(context, caller, carried, Told()), carried)
