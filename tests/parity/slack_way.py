"""By Slack: a signed request to the bot beside a pretend Slack, and what the person then sees."""

from typing import assert_never

from bot.coaching import Status
from bot.slack.blocks.cards import COMPLETE, MARK_AS_READ, START
from bot.slack.blocks.targets import Target, pack
from bot.slack.session.form import ALIASES
from tests.parity import slack_pages
from tests.parity.centre import Centre
from tests.parity.requests import (
    AddNote,
    Become,
    Count,
    Delete,
    Done,
    Edit,
    EditNote,
    Find,
    FreeTime,
    History,
    Line,
    ListOf,
    ListOwn,
    MarkAsRead,
    Refused,
    RemoveNote,
    Schedule,
    Undo,
)
from tests.parity.slack_room import Room, opened
from tests.parity.ways import Seen

BUTTONS = {Status.IN_PROGRESS: START, Status.COMPLETED: COMPLETE}


def expected_in_slack(line: Line) -> Seen:
    """What a person must see: the sentence in its place, and nothing of codes."""
    outcome = line.in_slack or line.outcome
    match outcome:
        case Done(shows):
            return Seen(shows=shows)
        case Refused(_, _, field, sentence, concealed):
            is_in_form = isinstance(line.request, Schedule | Edit | AddNote) and not concealed
            place = ALIASES.get(field or "", field) if is_in_form else None
            if isinstance(line.request, EditNote):
                place = "text"  # the one field that its form has
            return Seen(field=place, sentence=concealed or sentence)
    raise AssertionError(outcome)


async def by_slack(centre: Centre, line: Line) -> Seen:
    """Ask as a person does in Slack."""
    async with opened(centre) as slack:
        seen = await _asked(slack, line)
        assert not slack.sandbox.complaints
        assert not slack.sandbox.calls.refused()
    return seen


async def _asked(slack: Room, line: Line) -> Seen:
    by, request = line.by, line.request
    match request:
        case ListOwn() | ListOf() | Count():
            return await _looked(slack, by, request)
        case MarkAsRead() | Find() | Become():
            return await _pressed(slack, by, request)
        case Schedule() | Edit() | AddNote() | Delete():
            return await _sent(slack, by, request)
        case EditNote() | RemoveNote() | History() | FreeTime() | Undo():
            return await slack_pages.asked(slack, by, request)
    assert_never(request)


async def _sent(slack: Room, by: str, request: Schedule | Edit | AddNote | Delete) -> Seen:
    match request:
        case Schedule():
            return await slack.send_form(by, request)
        case Edit():
            return await slack.edit(by, request)
        case AddNote():
            return await slack.write(by, request)
        case Delete(about):
            return await slack.delete(by, slack.centre.appointment(about))
    assert_never(request)


async def _pressed(slack: Room, by: str, request: MarkAsRead | Find | Become) -> Seen:
    centre = slack.centre
    about = centre.appointment(request.about)
    match request:
        case MarkAsRead():
            entry = centre.notification(request)
            return await slack.press(by, MARK_AS_READ, Target(about, entry))
        case Find():
            return await slack.open(by, Target(about))
        case Become(_, Status.SCHEDULED):
            return await slack_pages.press(slack, by, "status_reset", pack(Target(about)))
        case Become(_, status):
            return await slack.press(by, BUTTONS[status], Target(about))
    assert_never(request)


async def _looked(slack: Room, by: str, request: ListOwn | ListOf | Count) -> Seen:
    match request:
        case ListOwn():
            return await slack.type_list(by, by)
        case ListOf(whose):
            return await slack.type_list(by, whose)
        case Count(whose):
            return await slack.type_report(by, whose)
    assert_never(request)
