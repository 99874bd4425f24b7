"""Sessions as nobody would want them: endless names, every script, markup, a hundred people."""

from datetime import UTC, datetime, timedelta
from zoneinfo import available_timezones

from hypothesis import strategies as st

from bot import coaching

WORST = (
    "x" * 3000,
    "👩‍👩‍👧‍👦" * 400,
    "e\u0301\u0302\u0303" * 700,
    "مرحبا بالعالم " * 200,
    "\u202egnp.exe" * 300,
    "*bold* _it_ ~no~ `code` ```block``` > quote",
    "<!channel> <@U0DANA> <https://evil.example|good.example> &amp; &lt;",
    "🇬🇧🇫🇷" * 300,
    "\n" * 50 + "end",
    " ",
    "a\ud83db",
)
texts = st.one_of(st.sampled_from(WORST), st.text(min_size=1, max_size=300))
addresses = st.one_of(
    st.sampled_from(("https://meet.example.com/abc?x=1&y=2", "https://[::1", "https://", "x")),
    st.from_regex(r"https://[a-z.]{1,80}/[ -~]{0,200}", fullmatch=True),
    texts,
)
moments = st.integers(1_500_000_000, 3_900_000_000).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)
zones = st.sampled_from(sorted(available_timezones()))
clocks = st.sampled_from((None, 12, 24))
snoozes = st.sampled_from(((), tuple(coaching.Snooze)))
several = st.one_of(st.lists(texts, max_size=3), st.just(["Somebody Longname" * 9] * 100)).map(
    tuple
)


@st.composite
def cards(draw: st.DrawFn) -> coaching.Card:
    starts_at, minutes = draw(moments), draw(st.integers(1, 60))
    return coaching.Card(
        appointment_id=draw(st.uuids().map(str)),
        revision=1,
        name=draw(texts),
        description=draw(texts),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        length_minutes=minutes,
        timezone=draw(zones),
        hours=draw(clocks),
        when="Tomorrow at 8:30 pm (30 minutes)",
        status=draw(st.sampled_from(coaching.Status)),
        status_words=draw(st.sampled_from(("Scheduled", "Overdue", "Needs a new time"))),
        is_overdue=draw(st.booleans()),
        facilitator=draw(st.none() | texts),
        attendees=draw(several),
        organizer=draw(texts),
        location=draw(st.none() | texts),
        external_links=draw(st.lists(addresses, max_size=5).map(tuple)),
        conversation_ids=(),
        document_ids=(),
        relationship=draw(st.none() | st.sampled_from(coaching.Relationship)),
        actions=draw(st.frozensets(st.sampled_from(coaching.Action))),
    )


@st.composite
def notices(draw: st.DrawFn) -> coaching.Notice:
    return coaching.Notice(
        notification_id=draw(st.uuids().map(str)),
        action_type=draw(st.sampled_from(coaching.ActionType)),
        headline=draw(texts),
        created_at=draw(moments),
        is_read=draw(st.booleans()),
        card=draw(cards()),
    )


@st.composite
def announcements(draw: st.DrawFn) -> coaching.Announcement:
    notice = draw(notices())
    return coaching.Announcement(
        delivery_id=draw(st.integers(1, 2**62)),
        mark=str(draw(st.uuids())),
        promise="",
        kind=notice.action_type,
        slack_user_id="U0PRIYA",
        slack_channel="D0PRIYA",
        reader_id="somebody",
        headline=notice.headline,
        text=draw(texts),
        card=notice.card,
        notification_id=draw(st.none() | st.just(notice.notification_id)),
        is_read=notice.is_read,
        previously=draw(st.none() | texts),
        snoozes=draw(snoozes),
        snoozed_until=draw(st.none() | st.just("tomorrow at 9:00 am")),
    )


@st.composite
def agendas(draw: st.DrawFn) -> coaching.Agenda:
    some = st.lists(cards(), max_size=4).map(lambda found: tuple(found * 5))
    return coaching.Agenda(
        reader_name=draw(texts),
        unread=draw(st.integers(0, 10_000)),
        notices=tuple(draw(st.lists(notices(), max_size=3)) * 5),
        overdue=draw(some),
        today=draw(some),
        upcoming=draw(some),
        more_upcoming=draw(st.integers(0, 10_000)),
        may_schedule=draw(st.booleans()),
    )
