"""The team on coming in: the same numbers as the aggregates, nothing that may not be seen."""

import re
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import coaching
from bot.coaching import Metric, SessionKind, Status, TeamPage, TeamPeriod, TeamQuery
from bot.coaching.overview.team import interval_of
from storage import models
from tests.coaching.workplace import Workplace
from tests.queries import counting

HOUR = timedelta(hours=1)
METRICS = {
    "planned": Metric.PLANNED,
    "in_progress": Metric.IN_PROGRESS,
    "overdue": Metric.OVERDUE,
    "completed": Metric.COMPLETE,
}
AGENTS = ("Priya", "Jonas", "Sam")
LEADERS = ("Dana", "Grace", "Omar", "Alex")
sessions = st.tuples(
    st.sets(st.sampled_from(AGENTS), min_size=1),
    st.sampled_from(("Alex", "Grace")),
    st.integers(1, 24 * 40),
    st.sampled_from((None, Status.IN_PROGRESS, Status.COMPLETED)),
)


def team_of(desk: Workplace, who: str, **asked: object) -> TeamPage:
    query = TeamQuery(**asked)  # type: ignore[arg-type]
    team = coaching.home(desk.context, desk.caller(who), team=query).team
    assert team
    return team


def book(desk: Workplace, drawn: tuple[set[str], str, int, Status | None]) -> None:
    people, facilitator, hours, status = drawn
    with suppress(coaching.Conflict):
        made = desk.schedule(
            "Alex",
            *sorted(people),
            facilitator=facilitator,
            starts_at=desk.clock() + hours * HOUR,
        )
        if status is not None:
            coaching.change_status(desk.context, desk.caller("Alex"), made.id, status)


def aggregates(desk: Workplace, who: str, period: TeamPeriod) -> dict[str, dict[Metric, int]]:
    """The same counts, asked of the aggregates."""
    home, sales = {"Priya", "Jonas", "Dana", "Grace", "Alex"}, {"Sam", "Omar"}
    seen = {"Omar": sales, "Alex": home | sales}.get(who, home) - {who}
    zone = {"Dana": "America/New_York"}.get(who, "Europe/London")
    query = coaching.AggregateQuery(
        interval=interval_of(period, zone, desk.clock()),
        filter_type="And",
        clauses=[
            coaching.Clause(
                "Or", [coaching.Predicate("attendeeId", desk.ids[each]) for each in sorted(seen)]
            )
        ],
        group_by_attendee=True,
    )
    found = coaching.aggregate(desk.context, desk.caller(who), query)
    ids = {desk.ids[each] for each in seen}
    return {each.attendee_id: dict(each.counts) for each in found if each.attendee_id in ids}


@settings(max_examples=8)
@given(
    st.lists(sessions, min_size=3, max_size=8),
    st.sampled_from(LEADERS),
    st.sampled_from(TeamPeriod),
    st.integers(0, 48),
)
def test_the_numbers_are_those_of_the_aggregates(
    workplace: Workplace,
    drawn: list[tuple[set[str], str, int, Status | None]],
    who: str,
    period: TeamPeriod,
    later: int,
) -> None:
    """Sessions that reach into a division one does not lead are in neither."""
    for each in drawn:
        book(workplace, each)
    workplace.clock.advance(later * HOUR)
    team = team_of(workplace, who, period=period)
    expected = aggregates(workplace, who, period)
    shown = {
        each.person_id: {METRICS[name]: getattr(each, name) for name in METRICS}
        for each in team.members.entities
    }
    assert shown == {
        person: {metric: expected.get(person, {}).get(metric, 0) for metric in METRICS.values()}
        for person in shown
    }
    assert expected.keys() <= shown.keys()
    overdue = [each.overdue for each in team.members.entities]
    assert overdue == sorted(overdue, reverse=True)


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("Dana", ["Alex", "Grace", "Jonas", "Priya"]),
        ("Omar", ["Sam"]),
        ("Alex", ["Dana", "Grace", "Jonas", "Omar", "Priya", "Sam"]),
    ],
)
def test_one_leads_the_people_whom_one_may_view(
    workplace: Workplace, who: str, seen: list[str]
) -> None:
    team = team_of(workplace, who)
    assert [each.name for each in team.members.entities] == seen
    assert coaching.home(workplace.context, workplace.caller("Priya")).team is None


def test_what_one_may_not_see_is_not_counted_nor_named(desk: Workplace) -> None:
    """A session with somebody of another division, and people whom one may not pick."""
    desk.grant("Dana", ("Supervisor", "Home"))
    both = desk.schedule("Alex", "Priya", "Sam", starts_at=desk.clock() + 3 * HOUR)
    sales = desk.ids["Sam"]
    [priya] = team_of(desk, "Dana", person_id=desk.ids["Priya"]).members.entities
    assert (priya.planned, priya.next_words) == (0, "No session planned")
    for nobody in (sales, "nobody", ""):
        team = team_of(desk, "Dana", person_id=nobody)
        assert (list(team.members.entities), team.members.total, team.sessions) == ([], 0, None)
        assert team.empty
        assert team.empty.startswith("That isn’t somebody you lead.")
    shown = repr(team_of(desk, "Dana", division_id=_division(desk, "Sales")))
    assert not {"Sam", "Omar", "Sales", both.id} & set(shown.replace("'", " ").split())
    [seen] = team_of(desk, "Alex", person_id=sales).members.entities
    assert (seen.planned, seen.next_words) == (1, "Next session today at 12:00 pm")


def _division(desk: Workplace, name: str) -> str:
    with desk.store.read() as tx:
        return next(key for key, each in tx.people.divisions().items() if each == name)


def test_a_person_who_is_chosen_shows_their_sessions_as_the_filters_say(desk: Workplace) -> None:
    for hours in (1, 2, 3, 4, 5, 6, 24 * 10):
        desk.schedule("Dana", "Priya", name=f"{hours}", starts_at=desk.clock() + hours * HOUR)
    desk.schedule("Dana", "Jonas", name="His", starts_at=desk.clock() + 1 * HOUR)
    desk.clock.advance(1.75 * HOUR)
    chosen = {"person_id": desk.ids["Priya"]}

    def names(**asked: object) -> list[str]:
        found = team_of(desk, "Dana", **chosen, **asked).sessions
        assert found
        return [each.name for each in found.entities]

    assert names() == ["1", "2", "3", "4", "5"]
    assert names(page_number=2) == ["6"]
    assert names(page_number=9) == ["1", "2", "3", "4", "5"]
    assert names(kind=SessionKind.OVERDUE) == ["1"]
    assert names(kind=SessionKind.COMPLETED) == []
    assert names(period=TeamPeriod.NEXT_WEEK) == ["240"]
    sessions = team_of(desk, "Dana", **chosen).sessions
    assert sessions
    assert coaching.Action.COMPLETE in sessions.entities[0].actions


def test_a_status_leaves_those_who_have_one(desk: Workplace) -> None:
    desk.schedule("Dana", "Priya", starts_at=desk.clock() + HOUR)
    desk.schedule("Dana", "Jonas", starts_at=desk.clock() + 30 * HOUR)
    desk.clock.advance(2 * HOUR)
    for kind, names in (
        (SessionKind.OVERDUE, ["Priya"]),
        (SessionKind.PLANNED, ["Priya", "Jonas"]),
        (SessionKind.COMPLETED, []),
    ):
        team = team_of(desk, "Dana", kind=kind)
        assert [each.name for each in team.members.entities] == names
        assert (team.empty is None) is bool(names)


def test_the_page_says_when_time_alone_will_change_it(workplace: Workplace) -> None:
    """Jonas' session, of which Dana is no part, is overdue an instant after its end."""
    made = workplace.schedule("Grace", "Jonas", starts_at=workplace.clock() + HOUR)
    workplace.schedule("Grace", "Priya", starts_at=workplace.clock() + 9 * HOUR)

    def overdue() -> tuple[int, object]:
        agenda = coaching.home(workplace.context, workplace.caller("Dana"))
        assert agenda.team
        return sum(each.overdue for each in agenda.team.members.entities), agenda.changes_at

    assert overdue() == (0, made.ends_at + timedelta(microseconds=1))
    workplace.clock.moment = made.ends_at
    assert overdue() == (0, made.ends_at + timedelta(microseconds=1))
    workplace.clock.moment += timedelta(microseconds=1)
    assert overdue()[0] == 1


def fill(desk: Workplace, people: int, each: int) -> None:
    """So many agents, each with so many sessions that Dana scheduled, one of them unread."""
    now = desk.clock()
    with desk.store.begin() as tx:
        for number in range(people):
            person = models.Person(
                name=f"Agent {number}", division_id=_home(desk), slack_user_id=f"U{people}X{number}"
            )
            tx.people.add(person)
            for index in range(each):
                at = now + timedelta(days=index - each // 2, minutes=number)
                made = models.Appointment(
                    name=f"Session {number} {index}",
                    description="",
                    starts_at=at,
                    ends_at=at + timedelta(minutes=30),
                    length_minutes=30,
                    creator_id=desk.ids["Dana"],
                    created_at=now,
                    modified_by=desk.ids["Dana"],
                    modified_at=now,
                )
                tx.appointments.add(made, [person.id])


def _home(desk: Workplace) -> str:
    with desk.store.read() as tx:
        return tx.people.many([desk.ids["Dana"]])[desk.ids["Dana"]].division_id


def test_a_thousand_sessions_cost_no_more_queries_than_a_few(desk: Workplace) -> None:
    desk.schedule("Grace", "Jonas", facilitator="Dana", starts_at=desk.clock() + HOUR)
    fill(desk, people=2, each=3)
    few = asked(desk)
    fill(desk, people=50, each=20)
    assert asked(desk) == few
    assert max(few) <= 25
    team = team_of(desk, "Dana")
    assert (team.members.total, len(team.members.entities)) == (52 + 4, 10)


def asked(desk: Workplace) -> tuple[int, int]:
    """How many queries the page takes, and with one person chosen."""
    with counting(desk.store) as everybody:
        team_of(desk, "Dana")
    with counting(desk.store) as one:
        team_of(desk, "Dana", person_id=desk.ids["Jonas"])
    return len(everybody), len(one)


def test_the_pulse_tells_of_deeds_and_of_what_is_nobodys_deed(workplace: Workplace) -> None:
    desk = workplace
    watching = ("UPRIYA", "UNOBODY")
    seen = [coaching.pulse(desk.context, watching)]

    def beat() -> bool:
        seen.append(coaching.pulse(desk.context, watching))
        return seen[-1] != seen[-2]

    assert not beat()
    made = desk.schedule("Dana", "Priya")
    assert beat()
    [entry] = desk.notifications("Priya")
    coaching.mark_as_read(desk.context, desk.caller("Priya"), entry.id)
    assert beat()
    assert not beat()
    desk.clock.moment = made.starts_at - HOUR
    due = [
        each.id
        for each in desk.deliveries(made.id)
        if (each.kind, each.occurrence) == (coaching.ActionType.REMINDER, "1h")
        and each.person_id == desk.ids["Priya"]
    ]
    assert due
    coaching.announce(desk.context, due)
    assert beat(), "a reminder is in the inbox, though nobody did anything"
    assert coaching.pulse(desk.context) != seen[-1], "it is not told to those who are not watched"


@given(
    planned=st.integers(0, 5),
    running=st.integers(0, 5),
    completed=st.integers(0, 5),
    data=st.data(),
)
def test_no_session_is_counted_twice_in_words(
    planned: int, running: int, completed: int, data: st.DataObject
) -> None:
    """An overdue session is planned or in progress as well, and is one session."""
    overdue = data.draw(st.integers(0, planned + running))
    member = coaching.TeamMember(
        person_id="p",
        slack_user_id=None,
        name="Priya",
        next_words="",
        planned=planned,
        in_progress=running,
        overdue=overdue,
        completed=completed,
    )
    said = member.counts_words
    told = {words: int(count) for count, words in re.findall(r"(\d+) ([a-z ]*[a-z])", said)}
    assert told.get("completed", 0) == completed
    assert told.get("overdue", told.get("of them overdue", 0)) == overdue
    apart = sum(told.values()) - told.get("of them overdue", 0)
    assert apart == planned + running + completed
    assert 0 not in told.values()
    assert bool(told) is (said != "Nothing in this time")
