"""Who lost a role, a division or a part in a session hears no more of what was theirs before."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import delete, select

from bot import coaching
from bot.coaching import Announcement, Source
from storage import models
from tests.privacy.oracle import Later
from tests.privacy.scene import Scene, marks_in
from tests.privacy.stage import Entry, Stage
from tests.privacy.test_later import written
from tests.privacy.test_notes import assert_entry, assert_home, assert_inbox
from tests.privacy.test_rest import Asking, api, token_of
from tests.privacy.test_rest import assert_entry as assert_entry_by_rest
from tests.privacy.test_rest import assert_inbox as assert_inbox_by_rest
from tests.privacy.theatre import Theatre, for_every_loss

NEWS = {"News of a note", "News of a changed note", "News of a removed note"}


@for_every_loss(4)
def test_nobody_hears_of_what_is_no_longer_theirs(
    scenes: tuple[Scene, Scene], theatre: Theatre
) -> None:
    before, after = scenes
    with theatre.shows(before) as stage:
        entries = stage.entries()
        stage.let_programs_in(token_of)
        lose(stage, after)
        later = replace(stage, scene=after)
        everybody = [Later(before, after, each.number) for each in after.people]
        for rights in everybody:
            assert_inbox(later, rights)
            assert_home(later, rights)
            assert_explained(later, rights)
            for entry in entries:
                assert_entry(later, rights, entry)
        assert_messages(later, everybody)
        asyncio.run(ask_by_rest(later, everybody, entries))
        for rights in everybody:
            read = coaching.mark_all_as_read(stage.context, later.caller(rights))
            assert read == len(rights.inbox())


def assert_explained(stage: Stage, rights: Later) -> None:
    """`why` tells of the notes that one may read, to oneself and to whoever sees everybody."""
    for meeting in stage.scene.meetings:
        if rights.sees(meeting):
            page = coaching.why(stage.context, stage.caller(rights, Source.SLACK), meeting.id)
            told = [each for each in page.lines if each.what in NEWS]
            assert len(told) == rights.explained(meeting)


def assert_messages(stage: Stage, everybody: Sequence[Later]) -> None:
    """Nothing else is sent, and nothing else stays in what was sent before."""
    owed = stage.deliveries()
    wanted = {stage.id_of(each.me): each for each in everybody}
    for said in (
        coaching.shown_anew(stage.context, owed),
        coaching.announce(stage.context, owed),
    ):
        messages = [each for each in said.values() if each is not None]
        for who, rights in wanted.items():
            assert_told(rights, [each for each in messages if each.reader_id == who])


def assert_told(rights: Later, messages: Iterable[Announcement]) -> None:
    told = sorted((each.kind.value, each.card.appointment_id) for each in messages)
    assert told == rights.told()
    for each in messages:
        assert marks_in(written(each)) <= rights.may_know()


async def ask_by_rest(stage: Stage, everybody: Sequence[Later], entries: Sequence[Entry]) -> None:
    async with api(stage) as http:
        for rights in everybody:
            asking = Asking(http, stage, rights)
            await assert_inbox_by_rest(asking)
            for entry in entries:
                await assert_entry_by_rest(asking, entry)


def lose(stage: Stage, after: Scene) -> None:
    """Let people be and hold what is left to them, and take part where they still do."""
    with stage.store.begin() as tx:
        homes = {name: key for key, name in tx.people.divisions().items()}
        for person in after.people:
            row = tx.people.for_change(person.id)
            assert row is not None
            row.division_id = homes[f"Division {person.division}"]
            grants = [(role, homes[f"Division {where}"]) for role, where in person.grants]
            tx.people.replace_grants(person.id, grants)
        for session in tx.session.scalars(select(models.Appointment)):
            [meeting] = [each for each in after.meetings if each.id == session.id]
            if meeting.facilitator is None:
                session.facilitator_id = None
            stay = [after.people[each].id for each in meeting.attendees]
            kind = models.Attendee
            gone = (kind.appointment_id == session.id, kind.person_id.not_in(stay))
            tx.session.execute(delete(kind).where(*gone))
