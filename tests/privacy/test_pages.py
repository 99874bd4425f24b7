"""Through Slack's pages: a session's form and its menus, the team on the Home tab, the report."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from msgspec import structs
from slack_sdk.models.views import View

from bot import coaching
from bot.coaching import CoachingError, FormTab, ReportQuery, SessionKind, Source, Status, Whose
from bot.coaching import TeamPeriod as Period
from bot.slack import help as helping
from bot.slack import why
from bot.slack.home import tab as home
from bot.slack.home.team import Looking
from bot.slack.lists import choosing
from bot.slack.messages import following
from bot.slack.notes import noting
from bot.slack.reports import report
from bot.slack.session import acts as session_acts
from bot.slack.session import form as session_form
from bot.slack.session.frame import NEW
from bot.slack.settings import form as settings_form
from tests.privacy.contract import ADD, EDIT, SLOT_VIEW, VIEW
from tests.privacy.oracle import Rights, is_overdue
from tests.privacy.refusals import NO_ONE, refusal, said
from tests.privacy.scene import EVERYTHING, Meeting, Scene, Someone, marks_in
from tests.privacy.stage import Stage
from tests.privacy.theatre import Theatre, for_every_scene

MONTH = (datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
SPANS = {
    Period.TODAY: (datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)),
    Period.THIS_MONTH: MONTH,
}
KINDS = {
    SessionKind.COMPLETED: lambda each: each.status is Status.COMPLETED,
    SessionKind.OVERDUE: is_overdue,
}
HARDLY_AT_WORK = {"days": [6], "from": "03:00", "to": "03:30"}
PAGES = (following.page_of, noting.page_of, why.page_of)


def written(view: View) -> str:
    """Everything that is sent to be shown, what only the page knows included."""
    return json.dumps(view.to_dict())


def names(people: list[Someone]) -> set[str]:
    return {each.name for each in people}


@for_every_scene(6)
def test_a_page_about_a_session_holds_what_one_may_know(scene: Scene, theatre: Theatre) -> None:
    with theatre.shows(scene) as stage:
        for rights in stage.everybody():
            for meeting in scene.meetings:
                for page in PAGES:
                    assert_page(stage, rights, meeting, page)
                assert_form(stage, rights, meeting)
            assert_menu(stage, rights)


def assert_page(stage: Stage, rights: Rights, meeting: Meeting, page: Callable[..., View]) -> None:
    """The session, its people and one's notes; to others it is not there (4.4)."""
    write = partial(page, stage.context, stage.caller(rights, Source.SLACK))
    known = known_of(rights, meeting)
    if known:
        with suppress(CoachingError):
            assert marks_in(written(write(meeting.id))) <= known
        return
    error = refusal(partial(write, meeting.id))
    assert not marks_in(error.message)
    assert said(error.concealed()) == said(refusal(partial(write, NO_ONE)))


def known_of(rights: Rights, meeting: Meeting) -> set[str]:
    """What somebody may read on the pages of one session."""
    if not (rights.sees(meeting) or rights.notes(meeting) is not None):
        return set()
    people = set[str]().union(*(rights.scene.people[each].marks for each in meeting.related))
    return meeting.marks | people | {each.text for each in rights.notes(meeting) or ()}


def assert_form(stage: Stage, rights: Rights, meeting: Meeting) -> None:
    """Each tab of the form, with the free times of those who take part (3.19)."""
    context, caller = stage.context, stage.caller(rights, Source.SLACK)
    begin = partial(session_acts.begin, context, caller, starting=None)
    if not rights.sees(meeting):
        error = refusal(partial(begin, subject=meeting.id))
        assert said(error.concealed()) == said(refusal(partial(begin, subject=NO_ONE)))
        return
    shown = begin(subject=meeting.id)
    for tab in FormTab:
        carried = structs.replace(shown.carried, tab=tab, is_checked=True)
        turned = session_acts.show(context, caller, shown.page, carried)
        text = written(session_form.form(turned))
        assert marks_in(text) <= known_of(rights, meeting)
        assert (tab is FormTab.DETAILS) <= (meeting.name in text)
    page = coaching.open_form(context, caller, meeting.id)
    wanted = rights.notes(meeting)
    assert (page.notes and page.notes.entries.total) == (None if wanted is None else len(wanted))


def assert_menu(stage: Stage, rights: Rights) -> None:
    """What is offered while somebody types is one's own, whatever is typed."""
    context, caller = stage.context, stage.caller(rights, Source.SLACK)
    own = {each.id for each in rights.own(EVERYTHING)}
    people, meetings = stage.scene.people, stage.scene.meetings
    typed = ("", *(each.name for each in people), *(each.name for each in meetings))
    for words in typed:
        found = coaching.session_choices(context, caller, words=words)
        assert {each.appointment_id for each in found} <= own
        offered = json.dumps([choosing.option(each).to_dict() for each in found])
        assert marks_in(offered) <= rights.may_know()
        assert words or len(found) == len(own)


@for_every_scene(5)
def test_a_new_session_tells_of_nobody_beyond_reach(scene: Scene, theatre: Theatre) -> None:
    with theatre.shows(scene) as stage:
        leave_hardly_any_time(stage)
        for rights in stage.everybody():
            if rights.reach(ADD):
                for person in scene.people:
                    assert_new(stage, rights, person)
            for meeting in scene.meetings:
                assert_board(stage, rights, meeting)


def leave_hardly_any_time(stage: Stage) -> None:
    """Let the next weeks be so that the form must say why there is no time."""
    with stage.store.begin() as tx:
        for each in stage.scene.people[::2]:
            person = tx.people.for_change(each.id)
            assert person
            person.working_hours = HARDLY_AT_WORK


def assert_new(stage: Stage, rights: Rights, person: Someone) -> None:
    """Whoever is picked is named to those alone who may book them; else somebody is."""
    context, caller = stage.context, stage.caller(rights, Source.SLACK)
    shown = session_acts.begin(context, caller, subject=NEW, starting=None)
    picked = coaching.TypedChanges(attendee_ids=(person.id,), facilitator_id=None)
    page = coaching.keep_typed(context, caller, NEW, picked, submission=shown.page.typed.submission)
    reach = {*rights.reach(ADD), *rights.reach(SLOT_VIEW)}
    is_known = person.number == rights.me or person.division in reach
    own = rights.scene.people[rights.me].marks
    allowed = own | (person.marks if is_known else set())
    assert marks_in(repr(page)) <= allowed | {person.id}
    for tab in (FormTab.DETAILS, FormTab.SCHEDULE):
        carried = structs.replace(shown.carried, tab=tab, is_checked=True)
        view = session_form.form(session_acts.show(context, caller, page, carried))
        assert marks_in(written(view)) <= allowed


def assert_board(stage: Stage, rights: Rights, meeting: Meeting) -> None:
    """Free times, and why there are none, tell nothing of what takes somebody's time."""
    asking = partial(coaching.slot_board, stage.context, stage.caller(rights, Source.SLACK))
    participants = {*meeting.attendees} | {meeting.facilitator} - {None}
    people = [each for each in stage.scene.people if each.number in participants]
    leads = rights.me in (meeting.creator, meeting.facilitator)
    may_edit = leads or rights.covers(meeting, EDIT)
    may_ask = rights.may_name({each.number for each in people}, SLOT_VIEW)
    if not rights.sees(meeting) or not may_edit or not may_ask:
        error = refusal(partial(asking, meeting.id))
        assert not marks_in(error.message)
        if not rights.sees(meeting):
            assert said(error.concealed()) == said(refusal(partial(asking, NO_ONE)))
        return
    assert marks_in(repr(asking(meeting.id))) <= names(people)


@for_every_scene(5)
def test_the_team_is_of_those_whom_one_leads(scene: Scene, theatre: Theatre) -> None:
    with theatre.shows(scene) as stage:
        for rights in stage.everybody():
            for period in SPANS:
                for kind in (None, *KINDS):
                    assert_team(stage, rights, period, kind)
                for person in scene.people:
                    assert_one_of_team(stage, rights, period, person)


def home_of(stage: Stage, rights: Rights, looking: Looking) -> tuple[coaching.Agenda, str]:
    caller = stage.caller(rights, Source.SLACK)
    agenda = coaching.home(stage.context, caller, team=looking.query)
    text = written(home.view_of(agenda, looking))
    divisions = {number for number in range(3) if f"Division {number}" in text}
    assert divisions <= rights.reach(VIEW)
    return agenda, text


def attended(rights: Rights, person: int, period: Period) -> list[Meeting]:
    """The sessions of somebody that start in a period, as far as one may see them."""
    seen = rights.listed(replace(EVERYTHING, interval=SPANS[period]))
    return [each for each in seen if person in each.attendees]


def assert_team(stage: Stage, rights: Rights, period: Period, kind: SessionKind | None) -> None:
    """The people in the divisions that one may view, and of their sessions what one may see."""
    agenda, text = home_of(stage, rights, Looking(kind=kind, period=period))
    reach, people = rights.reach(VIEW), stage.scene.people
    assert (agenda.team is None) == (not reach)
    assert marks_in(text) <= rights.may_know() | rights.leads()
    if agenda.team is None:
        return
    team = [each for each in people if each.division in reach and each.number != rights.me]
    found = {each.id: attended(rights, each.number, period) for each in team}
    fits = KINDS[kind] if kind else None
    wanted = {key for key, held in found.items() if fits is None or any(map(fits, held))}
    assert {each.person_id for each in agenda.team.members.entities} == wanted
    assert agenda.team.members.total == len(wanted)
    for each in agenda.team.members.entities:
        sessions = found[each.person_id]
        counts = (each.planned, each.in_progress, each.completed)
        kinds = (Status.SCHEDULED, Status.IN_PROGRESS, Status.COMPLETED)
        assert counts == tuple(sum(one.status is kind for one in sessions) for kind in kinds)
        assert each.overdue == sum(map(is_overdue, sessions))


def assert_one_of_team(stage: Stage, rights: Rights, period: Period, person: Someone) -> None:
    """One person with their sessions; who is not in the team can't be told from nobody."""
    agenda, text = home_of(stage, rights, Looking(person_id=person.id, period=period))
    assert marks_in(text) <= rights.may_know() | rights.leads() | {person.id}
    if agenda.team is None:
        return
    if person.division in rights.reach(VIEW) and person.number != rights.me:
        assert agenda.team.sessions
        shown = {each.appointment_id for each in agenda.team.sessions.entities}
        wanted = {each.id for each in attended(rights, person.number, period)}
        assert (shown, agenda.team.sessions.total) == (wanted, len(wanted))
    else:
        assert not agenda.team.members.entities
        nobody, _ = home_of(stage, rights, Looking(person_id=NO_ONE, period=period))
        assert nobody.team
        assert agenda.team.empty == nobody.team.empty


@for_every_scene(10)
def test_a_report_counts_what_one_may_see(scene: Scene, theatre: Theatre) -> None:
    with theatre.shows(scene) as stage:
        for rights in stage.everybody():
            team = {
                each.number
                for each in scene.people
                if each.division in rights.reach(VIEW) and each.number != rights.me
            }
            assert_report(stage, rights, ReportQuery(whose=Whose.ME), {rights.me})
            assert_report(stage, rights, ReportQuery(whose=Whose.TEAM), team)
            assert_report(stage, rights, ReportQuery(), team or {rights.me})
            for each in scene.people:
                query = ReportQuery(person_ids=[each.id])
                is_led = each.number in {*team, rights.me}
                assert_report(stage, rights, query, {each.number} if is_led else set())
        assert_nobody_learns_who_is_there(stage)


def assert_report(stage: Stage, rights: Rights, query: ReportQuery, people: set[int]) -> None:
    """The reply, the table, the words of the picture: the people asked for, and right numbers."""
    asking = partial(coaching.report, stage.context, stage.caller(rights, Source.SLACK))
    if not people:
        assert not marks_in(refusal(partial(asking, query)).message)
        return
    found = asking(replace(query, period="this month"))
    seen = rights.listed(replace(EVERYTHING, interval=MONTH))
    wanted = {each: [one for one in seen if each in one.attendees] for each in people}
    counted = {one.id for held in wanted.values() for one in held}
    assert found.total.sessions == sum(each.tally.sessions for each in found.weeks) == len(counted)
    tallies = {each.person_id: each.tally.sessions for each in found.people}
    assert all(tallies.get(stage.id_of(each), 0) == len(held) for each, held in wanted.items())
    reply, told = report.said_of(found), coaching.say_report(found)
    shown = json.dumps([each.to_dict() for each in reply.blocks])
    texts = (repr(found), reply.text, shown, told, coaching.report_csv(found))
    allowed = {mark for each in people for mark in stage.scene.people[each].marks}
    assert marks_in("".join(texts)) <= allowed


def assert_nobody_learns_who_is_there(stage: Stage) -> None:
    """Whoever is beyond reach is refused like nobody at all (4.4)."""
    for rights in stage.everybody():
        asking = partial(coaching.report, stage.context, stage.caller(rights, Source.SLACK))
        for each in stage.scene.people:
            if each.number != rights.me and each.division not in rights.reach(VIEW):
                refused = [
                    said(refusal(partial(asking, ReportQuery(person_ids=[one]))))
                    for one in (each.id, NO_ONE)
                ]
                assert refused[0] == refused[1]


@for_every_scene(3)
def test_what_is_about_oneself_names_nobody_else(scene: Scene, theatre: Theatre) -> None:
    with theatre.shows(scene) as stage:
        for rights in stage.everybody():
            context, caller = stage.context, stage.caller(rights, Source.SLACK)
            form = settings_form.form(*settings_form.begin(coaching.settings_page(context, caller)))
            helped = helping.said_of(coaching.help_for(context, caller))
            shown = json.dumps([each.to_dict() for each in helped.blocks]) + helped.text
            assert marks_in(written(form) + shown) <= scene.people[rights.me].marks
