"""Messages: each ends with an honest word, and what may be there can be found."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import coaching
from bot.delivery.outcomes import GiveUp, Missing, Scope, Sent, TryLater, Unreadable, Unsure
from bot.hop import Hop
from bot.sandbox import Sandbox
from bot.sandbox.conversations import Content, Message
from bot.slack.front import build_front
from bot.slack.messages import message as messages
from tests.slack.office import PRIYA, Office, settings_for

HOUR = timedelta(hours=1)
Post = Callable[[], Awaitable[coaching.Announcement]]


@pytest.fixture
async def announcement(office: Office) -> coaching.Announcement:
    """What Priya is to be told of a session."""
    await office.book("Call review", timedelta(hours=5))
    with office.store.begin() as tx:
        ids = [each.id for each in tx.deliveries.of(office.cards()[0].appointment_id)]
    found = coaching.announce(office.context, ids)
    [wanted] = [
        each
        for each in found.values()
        if each and each.slack_user_id == PRIYA and each.kind is coaching.ActionType.CREATE
    ]
    return wanted


async def test_a_message_arrives_with_its_words_and_its_id(
    office: Office, announcement: coaching.Announcement
) -> None:
    outcome = await office.front.messenger.send(announcement)
    [message] = office.person(PRIYA).messages
    assert outcome == Sent("D0PRIYA", message.ts)
    assert message.content.metadata == {
        "event_type": "coachbot_delivery",
        "event_payload": {"mark": announcement.mark, "promise": announcement.promise},
    }
    assert message.content.text == announcement.text
    again = coaching.announce(office.context, [announcement.delivery_id])
    assert again[announcement.delivery_id] == replace(announcement, slack_channel="D0PRIYA")


async def test_the_conversation_is_opened_only_once(
    office: Office, announcement: coaching.Announcement
) -> None:
    await office.front.messenger.send(announcement)
    again = coaching.announce(office.context, [announcement.delivery_id])
    await office.front.messenger.send(again[announcement.delivery_id] or announcement)
    assert len(office.sandbox.calls.to("conversations.open")) == 1


async def test_a_conversation_that_is_not_there_any_more_is_opened_anew_once(
    office: Office, announcement: coaching.Announcement
) -> None:
    # As after the app was made anew in Slack: its conversations are others than before.
    remembered = replace(announcement, slack_channel="D0BEFORE")
    coaching.remember_channel(office.context, announcement.reader_id, "D0BEFORE", account=PRIYA)
    lost = await office.front.messenger.send(remembered)
    assert lost == TryLater(timedelta(), "channel_not_found")
    again = coaching.announce(office.context, [announcement.delivery_id])
    wanted = again[announcement.delivery_id]
    assert wanted is not None
    assert await office.front.messenger.send(wanted) == Sent(
        "D0PRIYA", office.person(PRIYA).messages[0].ts
    )
    office.sandbox.faults.add("chat.postMessage", "error", error="channel_not_found")
    assert isinstance(await office.front.messenger.send(announcement), GiveUp)


@pytest.mark.parametrize(
    ("kind", "fault", "outcome", "arrived"),
    [
        (
            "ratelimited",
            {"seconds": 30.0},
            TryLater(timedelta(seconds=30), "ratelimited", Scope.WORKSPACE),
            0,
        ),
        (
            "ratelimited",
            {"seconds": 1.0},
            TryLater(timedelta(seconds=1), "ratelimited", Scope.CHANNEL),
            0,
        ),
        ("drop_before", {}, Unsure("ServerDisconnectedError"), 0),
        ("drop_after", {}, Unsure("ServerDisconnectedError"), 1),
        (
            "error",
            {"error": "user_disabled"},
            GiveUp("user_disabled", coaching.Unreached.DEACTIVATED),
            0,
        ),
        (
            "error",
            {"error": "channel_not_found"},
            GiveUp("channel_not_found", coaching.Unreached.CLOSED),
            0,
        ),
        ("error", {"error": "is_archived"}, GiveUp("is_archived", coaching.Unreached.CLOSED), 0),
        (
            "error",
            {"error": "invalid_auth"},
            TryLater(timedelta(minutes=1), "invalid_auth", Scope.WORKSPACE),
            0,
        ),
        (
            "error",
            {"error": "account_inactive"},
            TryLater(timedelta(minutes=1), "account_inactive", Scope.WORKSPACE),
            0,
        ),
        ("error", {"error": "never_seen_before"}, TryLater(timedelta(), "never_seen_before"), 0),
        ("error", {"error": "internal_error"}, Unsure("internal_error"), 0),
    ],
)
async def test_each_ending_is_said_as_it_is_and_tried_once(
    office: Office,
    announcement: coaching.Announcement,
    kind: str,
    fault: dict[str, object],
    outcome: object,
    arrived: int,
) -> None:
    office.sandbox.faults.add("chat.postMessage", kind, **fault)  # type: ignore[arg-type]
    assert await office.front.messenger.send(announcement) == outcome
    assert len(office.person(PRIYA).messages) == arrived
    assert len(office.sandbox.calls.to("chat.postMessage")) <= 1


async def test_a_message_that_we_cannot_write_certainly_was_not_sent(
    office: Office, announcement: coaching.Announcement, caplog: pytest.LogCaptureFixture
) -> None:
    broken = replace(announcement, card=None)  # type: ignore[arg-type]
    outcome = await office.front.messenger.send(broken)
    assert outcome == TryLater(timedelta(), coaching.OWN_ERROR)
    assert office.sandbox.calls.to("chat.postMessage") == []
    assert "OwnError" in caplog.text


async def test_a_server_that_fails_leaves_it_open_whether_the_message_is_there(
    office: Office, announcement: coaching.Announcement
) -> None:
    office.sandbox.faults.add("chat.postMessage", "server_error")
    assert isinstance(await office.front.messenger.send(announcement), Unsure)


async def test_a_conversation_that_cannot_be_opened_means_certainly_not_sent(
    office: Office, announcement: coaching.Announcement
) -> None:
    for kind in ("drop_before", "drop_after", "server_error"):
        office.sandbox.faults.add("conversations.open", kind)
        outcome = await office.front.messenger.send(announcement)
        assert isinstance(outcome, TryLater)
    office.sandbox.faults.add("conversations.open", "error", error="user_disabled")
    assert await office.front.messenger.send(announcement) == GiveUp(
        "user_disabled", coaching.Unreached.DEACTIVATED
    )
    assert office.person(PRIYA).messages == []


async def test_where_nobody_listens_nothing_was_sent(
    office: Office, sandbox: Sandbox, hop: Hop, announcement: coaching.Announcement
) -> None:
    await office.front.messenger.send(announcement)
    known = coaching.announce(office.context, [announcement.delivery_id])[announcement.delivery_id]
    assert known
    assert known.slack_channel
    settings = settings_for(sandbox)
    nowhere = type(settings)(bot_token=settings.bot_token, api_url="http://127.0.0.1:9/api/")
    front = build_front(office.context, hop, nowhere)
    outcome = await front.messenger.send(known)
    assert outcome == TryLater(timedelta(), "ClientConnectorError")


async def test_what_may_be_there_is_found_on_whatever_page_it_stands(
    office: Office, announcement: coaching.Announcement
) -> None:
    messenger, began = office.front.messenger, office.now() - timedelta(minutes=1)
    office.sandbox.faults.add("chat.postMessage", "drop_after")
    assert await messenger.find(announcement, began) == Missing()
    assert isinstance(await messenger.send(announcement), Unsure)
    [message] = office.person(PRIYA).messages
    priya = office.person(PRIYA)
    for number in range(205):
        await priya.say(f"Hello {number}")
    assert await messenger.find(announcement, began) == Sent("D0PRIYA", message.ts)
    assert await messenger.find(announcement, office.now() + timedelta(hours=1)) == Missing()


@pytest.mark.parametrize("kind", ["ratelimited", "server_error", "drop_before", "error"])
async def test_a_history_that_cannot_be_read_is_not_taken_for_an_empty_one(
    office: Office, announcement: coaching.Announcement, kind: str
) -> None:
    office.sandbox.faults.add("conversations.history", kind, times=2)  # type: ignore[arg-type]
    found = await office.front.messenger.find(announcement, office.now())
    assert isinstance(found, Unreadable)


async def test_a_promise_that_was_written_down_anew_is_recognised_by_what_was_promised(
    office: Office, announcement: coaching.Announcement
) -> None:
    sent = await office.front.messenger.send(announcement)
    anew = replace(announcement, delivery_id=announcement.delivery_id + 1000, mark="another")
    assert await office.front.messenger.find(anew, office.now() - HOUR) == sent
    for other in (replace(anew, promise="another"), replace(anew, promise="")):
        assert await office.front.messenger.find(other, office.now() - HOUR) == Missing()


async def test_a_number_that_comes_again_finds_nobody_s_message(
    office: Office, announcement: coaching.Announcement
) -> None:
    await office.front.messenger.send(replace(announcement, mark="theirs", promise="theirs"))
    assert await office.front.messenger.find(announcement, office.now() - HOUR) == Missing()


@pytest.mark.parametrize("is_their_session", [True, False])
async def test_a_message_of_before_marks_is_found_by_number_and_session(
    office: Office, announcement: coaching.Announcement, is_their_session: bool
) -> None:
    message = as_before_marks(office, announcement)
    before = replace(announcement, mark="7.abc", number=7)
    if not is_their_session:
        card = replace(before.card, appointment_id="another")
        before = replace(before, card=card)
    found = await office.front.messenger.find(before, office.now() - HOUR)
    assert found == (Sent("D0PRIYA", message.ts) if is_their_session else Missing())
    later = replace(before, mark="abc", number=None, delivery_id=7)
    assert await office.front.messenger.find(later, office.now() - HOUR) == Missing()


def as_before_marks(office: Office, announcement: coaching.Announcement) -> Message:
    """Post a message as earlier versions did, with the number of its row alone."""
    text, blocks = messages.render(announcement)
    metadata = {"event_type": "coachbot_delivery", "event_payload": {"delivery_id": 7}}
    content = Content(text, tuple(each.to_dict() for each in blocks), metadata)
    conversations, bot = office.sandbox.world.conversations, office.sandbox.world.cast.bot.id
    return conversations.post(conversations.im_of(PRIYA), bot, content)


async def test_lost_connections_double_and_lose_nothing(office: Office) -> None:
    await office.book("Call review", timedelta(hours=5))
    for kind in ("drop_after", "ratelimited", "drop_before"):
        office.sandbox.faults.add("chat.postMessage", kind)
    await office.settle()
    said = [m.content.metadata for m in office.person(PRIYA).messages]
    ids = [metadata["event_payload"]["mark"] for metadata in said if metadata]
    assert len(ids) == len(set(ids)) <= 1
