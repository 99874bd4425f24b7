"""What comes of its own accord, and what stands there from before: both tell what holds now."""

import json
from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from sqlalchemy import delete, select

from bot import coaching
from bot.coaching import ActionType, NotFound, Source
from bot.slack.messages import message as messages
from storage import models, personal_models
from tests.privacy.contract import VIEW
from tests.privacy.oracle import OPEN, Rights, is_overdue
from tests.privacy.refusals import refusal, said
from tests.privacy.scene import DAY, EVERYTHING, HOUR, NOW, Meeting, Scene, marks_in
from tests.privacy.stage import Stage
from tests.privacy.theatre import Theatre, for_every_scene

TODAY = (NOW - 9 * HOUR, NOW + 15 * HOUR)
NEVER = 0


def written(announcement: coaching.Announcement) -> str:
    """A message to its last word, what only its buttons know included."""
    text, blocks = messages.render(announcement)
    return text + json.dumps([each.to_dict() for each in blocks]) + repr(announcement)


@for_every_scene(20)
def test_agendas_and_digests_hold_what_one_may_see(scene: Scene, theatre: Theatre) -> None:
    with theatre.shows(scene) as stage:
        promised = promise_summaries(stage)
        said_to = coaching.announce(stage.context, list(promised))
        for delivery, (rights, kind) in promised.items():
            own, seen = rights.own(replace(EVERYTHING, interval=TODAY)), rights.listed(EVERYTHING)
            today = [each for each in own if each.status in OPEN and not is_overdue(each)]
            # The digest is for those who lead: it needs a role that views sessions of others.
            overdue = [each for each in seen if is_overdue(each) and rights.reach(VIEW)]
            assert_summary(rights, said_to[delivery], today if kind == "Agenda" else overdue)


def promise_summaries(stage: Stage) -> dict[int, tuple[Rights, str]]:
    """Let everybody be owed the agenda of today and the digest of this week."""
    owed: dict[int, tuple[Rights, str]] = {}
    with stage.store.begin() as tx:
        for rights in stage.everybody():
            me = stage.id_of(rights.me)
            tx.session.add(
                personal_models.Preferences(person_id=me, agenda_at="08:00", weekly_digest=True)
            )
            for kind in (ActionType.AGENDA, ActionType.DIGEST):
                row = models.Delivery(
                    kind=kind,
                    person_id=me,
                    appointment_id=None,
                    revision=0,
                    occurrence=NOW.date().isoformat(),
                    due_at=NOW - HOUR,
                    next_at=NOW - HOUR,
                    created_at=NOW - DAY,
                )
                tx.session.add(row)
                tx.session.flush()
                owed[row.id] = (rights, kind.value)
    return owed


def assert_summary(
    rights: Rights, summary: coaching.Announcement | None, wanted: Iterable[Meeting]
) -> None:
    """These sessions and this count, and nothing of any other."""
    names = {each.name for each in wanted}
    if summary is None:
        assert not names
        return
    assert isinstance(summary, coaching.Summary)
    assert {each.name for each in summary.cards} == names
    assert summary.more == 0
    text = written(summary)
    assert marks_in(text) <= rights.may_know()
    assert f"{len(names)} coaching session" in text


@for_every_scene(20)
def test_who_lost_sight_of_a_session_is_shown_no_more_of_it(scene: Scene, theatre: Theatre) -> None:
    with theatre.shows(scene) as stage:
        owed = stage.deliveries()
        coaching.announce(stage.context, owed)
        later = replace(stage, scene=changed(stage))
        for rights in later.everybody():
            assert_own_messages(later, rights, owed)
        meetings = {each.id: each for each in later.scene.meetings}
        shown = coaching.shown_anew(stage.context, owed)
        sent = coaching.announce(stage.context, owed)
        for each in filter(None, (*shown.values(), *sent.values())):
            meeting = meetings[each.card.appointment_id]
            assert each.reader_id == scene.people[meeting.creator].id, "the one who is left"
            assert marks_in(written(each)) <= left_of(scene, meeting)


def left_of(scene: Scene, meeting: Meeting) -> set[str]:
    """A session that is one person's alone, and who caused what they were told of it."""
    causer = scene.meetings[meeting.number].creator
    return meeting.marks | scene.people[meeting.creator].marks | {scene.people[causer].name}


def assert_own_messages(stage: Stage, rights: Rights, owed: Iterable[int]) -> None:
    """A button finds one's own message while one may see the session, and nothing else (4.4)."""
    finding = partial(coaching.message, stage.context, stage.caller(rights, Source.SLACK))
    mine = {}
    with stage.store.read() as tx:
        mine = {each.id: each for each in tx.deliveries.many(list(owed))}
    for each in owed:
        meeting = next(one for one in stage.scene.meetings if one.id == mine[each].appointment_id)
        is_own = mine[each].person_id == stage.id_of(rights.me)
        if is_own and rights.me in meeting.related:
            assert finding(each).card.name == meeting.name
        else:
            error = refusal(partial(finding, each))
            assert isinstance(error, NotFound)
            assert said(error) == said(refusal(partial(finding, NEVER)))


def changed(stage: Stage) -> Scene:
    """Leave each session to the first of its attendees alone, and everybody with no more say."""
    people = tuple(
        replace(each, grants=frozenset({("Agent", each.division)})) for each in stage.scene.people
    )
    meetings = tuple(
        replace(each, creator=first, facilitator=None, attendees=(first,))
        for each in stage.scene.meetings
        for first in each.attendees[:1]
    )
    with stage.store.begin() as tx:
        homes = tx.people.divisions()
        for person in people:
            division = next(
                key for key, name in homes.items() if name == f"Division {person.division}"
            )
            tx.people.replace_grants(person.id, [("Agent", division)])
        for row in tx.session.scalars(select(models.Appointment)):
            [meeting] = [each for each in meetings if each.id == row.id]
            first = people[meeting.creator].id
            row.creator_id, row.facilitator_id = first, None
            kind = models.Attendee
            gone = (kind.appointment_id == row.id, kind.person_id != first)
            tx.session.execute(delete(kind).where(*gone))
    return replace(stage.scene, people=people, meetings=meetings)
