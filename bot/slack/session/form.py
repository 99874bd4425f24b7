"""The session form put together: a row of four tabs, what must be said first, and the open tab."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import structs
from slack_sdk.models.blocks import ActionsBlock, Block
from slack_sdk.models.views import View

from bot import coaching
from bot.coaching import FormTab
from bot.slack.blocks import kit
from bot.slack.blocks.targets import pack
from bot.slack.blocks.words import clip, isolated
from bot.slack.session import attachments as session_attachments
from bot.slack.session import details as session_details
from bot.slack.session import notes as session_notes
from bot.slack.session import schedule as session_schedule
from bot.slack.session.frame import (
    NEW,
    Carried,
    Fields,
    Shown,
    Told,
    block_id,
    carried_by,
    carry,
    name_of,
    trouble,
)
from bot.slack.session.schedule import Moment
from bot.slack.turns.loading import loading as loading_view
from bot.slack.turns.payloads import SeenView

CALLBACK: Final = "session"
START_OVER: Final = "session_start_over"
TAB: Final = "session_tab"
"""Behind it stands which tab."""
ANSWER: Final = "session_answer"
"""Behind it stands which of the times that may be meant."""
ANSWERS_MOST: Final = 4
LABELS: Final[Mapping[FormTab, str]] = {
    FormTab.DETAILS: "Details",
    FormTab.ATTACHMENTS: "Attachments",
    FormTab.SCHEDULE: "Schedule",
    FormTab.NOTES: "Notes",
}
TAB_OF: Final[Mapping[str, FormTab]] = {
    "name": FormTab.DETAILS,
    "description": FormTab.DETAILS,
    "location": FormTab.DETAILS,
    "attendee_ids": FormTab.DETAILS,
    "facilitator_id": FormTab.DETAILS,
    "conversation_ids": FormTab.ATTACHMENTS,
    "document_ids": FormTab.ATTACHMENTS,
    "external_links": FormTab.ATTACHMENTS,
    "files": FormTab.ATTACHMENTS,
    "starts_at": FormTab.SCHEDULE,
    "length_minutes": FormTab.SCHEDULE,
    "week": FormTab.SCHEDULE,
    "note": FormTab.NOTES,
    "note_is_private": FormTab.NOTES,
    "text": FormTab.NOTES,
    "access_type": FormTab.NOTES,
}
"""Where each field stands, so that a refusal is shown beside it."""
ALIASES: Final[Mapping[str, str]] = {"text": "note", "access_type": "note_is_private"}
"""Fields of a note, by their names in this form."""
NEWS_MOST: Final = 5


def title_of(subject: str) -> str:
    """Name the form."""
    return "Schedule coaching" if subject == NEW else "Coaching session"


def loading(subject: str) -> View:
    """What is seen in the moment before the form is there."""
    return loading_view(title_of(subject), "Getting the form ready…", close="Cancel")


def ended(subject: str, sentence: str, kept: Sequence[str] = ()) -> View:
    """What is seen in the form’s place when there is no form, with what was typed in it."""
    blocks: list[Block] = [kit.sentence(sentence)]
    if kept:
        blocks.append(kit.small("This is what you had typed, so that nothing is lost:"))
        blocks += [kit.sentence(isolated(each)) for each in kept]
    return kit.modal(title_of(subject), blocks)


def form(shown: Shown) -> View:
    """Build the form as it is now."""
    page, carried = shown.page, shown.carried
    now_shown = structs.replace(
        carried, shown=session_schedule.shown_seconds(page), may_note=page.may_note
    )
    body = list(_body(shown))
    has_inputs = any(each.type == "input" for each in body)
    can_send = page.may_edit or page.may_move or page.may_attach or has_inputs
    return kit.modal(
        title_of(page.subject),
        [*_above(shown, body), _tabs(carried.tab), *body],
        submit=_submit(page) if can_send else None,
        close="Cancel" if page.subject == NEW else "Close",
        callback_id=CALLBACK,
        notes=carry(now_shown),
    )


def _submit(page: coaching.FormPage) -> str:
    if page.subject == NEW:
        return "Schedule session"
    return "Save" if page.may_edit else "Add note"


def _above(shown: Shown, body: Sequence[Block]) -> Iterator[Block]:
    """Say what must be known first: what is wrong, what is asked, what others changed."""
    page, carried = shown.page, shown.carried
    if shown.problem and not any(each.block_id == f"problem-{shown.at}" for each in body):
        yield trouble(shown)
    if carried.question is not None:
        yield kit.sentence(carried.question.question)
        yield from kit.row(
            [
                kit.button(each.words, f"{ANSWER}_{index}", pack(Moment(each.starts_at)))
                for index, each in enumerate(carried.question.choices[:ANSWERS_MOST])
            ]
        )
    if carried.told:
        yield kit.small(carried.told)
    if page.changed_meanwhile:
        yield kit.sentence(
            "\n".join(clip(each, 500) for each in page.changed_meanwhile[:NEWS_MOST])
        )
    if page.resumed:
        yield kit.small(page.resumed)
        yield from kit.row([kit.button("Start over", START_OVER, START_OVER)])
    if page.why_fixed:
        yield kit.small(page.why_fixed)
    if page.card is not None:
        yield kit.header(isolated(clip(page.card.name, 140)))


def _tabs(current: FormTab) -> Block:
    buttons = [
        kit.button(
            label,
            f"{TAB}_{tab}",
            tab.value,
            primary=tab is current,
            spoken=f"{label}, the open tab" if tab is current else None,
        )
        for tab, label in LABELS.items()
    ]
    return ActionsBlock(elements=list(buttons), block_id="tabs")


def _body(shown: Shown) -> Iterator[Block]:
    match shown.carried.tab:
        case FormTab.DETAILS:
            return session_details.blocks(shown)
        case FormTab.ATTACHMENTS:
            return session_attachments.blocks(shown)
        case FormTab.SCHEDULE:
            return session_schedule.blocks(shown)
        case FormTab.NOTES:
            return session_notes.blocks(shown)


def read(view: SeenView) -> tuple[Carried, Told]:
    """Read the open tab of a form. Raises MsgspecError for a form of another bot."""
    carried, fields = carried_by(view), Fields(view)
    match carried.tab:
        case FormTab.DETAILS:
            return carried, session_details.read(fields)
        case FormTab.ATTACHMENTS:
            return carried, session_attachments.read(fields)
        case FormTab.SCHEDULE:
            return carried, session_schedule.read(fields, carried)
        case FormTab.NOTES:
            return carried, session_notes.read(fields, carried)


def place_of(view: SeenView, carried: Carried, field: str | None) -> str | None:
    """Find the block beneath which a sentence about a field can stand; None for none."""
    if field is None:
        return None
    wanted = block_id(carried, ALIASES.get(field, field))
    return wanted if wanted in view.inputs else None


def words_in(view: SeenView) -> list[str]:
    """Give what was typed in a form, in words, for when there is no form any more."""
    values = view.state.values if view.state else {}
    return [
        entry.value
        for block, actions in values.items()
        if name_of(block) in TAB_OF
        for entry in actions.values()
        if entry.value
    ]
