"""Use case: how coaching goes in a span of days, by person, by week and in total.

The numbers are those of `aggregate` for the same people and days. A session of several people
counts once in a week and in the total, and once for each of them.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from io import StringIO
from types import MappingProxyType
from typing import Final

from bot.coaching.ground.context import Context
from bot.coaching.ground.errors import Denied, Invalid
from bot.coaching.ground.lookup import access_of, find_people, reader_of
from bot.coaching.ground.permissions import Access, Permission
from bot.coaching.ground.values import Caller
from bot.coaching.reading.whose import NO_TEAM, Whose, team_of
from bot.coaching.times.periods import Period, read_period, weeks_of
from bot.coaching.times.when import NotUnderstood
from bot.coaching.times.wording import counted, joined
from storage import aggregates as counts
from storage.filters import Reach
from storage.records import Person
from storage.transaction import Transaction

USUAL_PERIOD: Final = "this month"
MOST_DAYS: Final = 400
TEAM: Final = "Your team"
ME: Final = "Your own sessions"
FORMULAS: Final = ("=", "+", "-", "@")
KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "completed": "completed",
        "in_progress": "in progress",
        "planned": "planned",
        "invalid": "needing a new time",
        "overdue": "overdue",
    }
)
"""What is counted, each as it is said after a number."""
REPORT_HEADINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "sessions": "Sessions",
        "completed": "Completed",
        "in_progress": "In progress",
        "planned": "Planned",
        "invalid": "Needs a new time",
        "overdue": "Overdue",
    }
)
"""What is counted, each as it stands above a column."""
TOO_LONG: Final = "A report covers at most a year. Please name fewer days."


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many sessions there are of each kind; one that is overdue is counted there as well."""

    sessions: int = 0
    completed: int = 0
    in_progress: int = 0
    planned: int = 0
    invalid: int = 0
    overdue: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        sums = {
            each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)
        }
        return Tally(**sums)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonTally:
    """How one person's coaching goes."""

    person_id: str
    name: str
    tally: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekTally:
    """How coaching goes in one week, or the part of it that lies in the period."""

    period: Period
    tally: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportQuery:
    """Whose report, and of which days, in words; nobody named means the team, or oneself."""

    person_ids: Sequence[str] | None = None
    whose: Whose = Whose.ANYBODY
    period: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How coaching goes in a span of days."""

    title: str
    """Whose report it is, and of which days: `Your team, Mon 23 – Sun 29 Nov`."""
    whose: str
    period: Period
    total: Tally
    people: tuple[PersonTally, ...]
    weeks: tuple[WeekTally, ...]

    @property
    def summary(self) -> str:
        """The numbers in a sentence."""
        if not self.total.sessions:
            return nothing_in(self.period)
        return f"{say_tally(self.total)}."


@dataclass(frozen=True, slots=True)
class _Scope:
    """The people on whom to report, and how to speak of them."""

    people: Mapping[str, Person]
    words: str
    is_named: bool


def report(context: Context, caller: Caller, query: ReportQuery) -> Report:
    """Report on people in a span of days, this month where none is said.

    Everybody may have a report of themselves; other people need a role that covers them. Only
    what the caller may view is counted. Raises Invalid, Denied, Unavailable.
    """
    now = context.clock()
    with context.read() as tx:
        reader, access = reader_of(tx, caller), access_of(tx, caller)
        period = read_period(query.period or USUAL_PERIOD, zone=reader.timezone, now=now)
        if isinstance(period, NotUnderstood):
            raise Invalid(period.message, field="period")
        if (period.last - period.first).days > MOST_DAYS:
            raise Invalid(TOO_LONG, field="period")
        scope = _scope(tx, access, reader, query)
        weeks = weeks_of(period, now)
        filtered = _filter(tx, access, period, scope, now)
        by_week = _by_week(tx, filtered, weeks)
        people = _by_person(tx, filtered, scope)
    return Report(
        title=f"{scope.words}, {period.words}",
        whose=scope.words,
        period=period,
        total=sum((each.tally for each in by_week), Tally()),
        people=people,
        weeks=by_week,
    )


def _scope(tx: Transaction, access: Access, reader: Person, query: ReportQuery) -> _Scope:
    """Find whom the report is about. Raises Denied where one may not see somebody."""
    if query.person_ids is not None:
        people = find_people(tx, access, Permission.APPOINTMENT_VIEW, query.person_ids)
        if set(people) == {reader.id}:
            return _Scope(people, ME, is_named=True)
        return _Scope(people, joined([each.name for each in people.values()]), is_named=True)
    team = {} if query.whose is Whose.ME else team_of(tx, access)
    if team:
        return _Scope(team, TEAM, is_named=False)
    if query.whose is Whose.TEAM:
        raise Denied(NO_TEAM)
    return _Scope({reader.id: reader}, ME, is_named=True)


def _filter(
    tx: Transaction, access: Access, period: Period, scope: _Scope, now: datetime
) -> counts.AggregateFilter:
    return counts.AggregateFilter(
        now=now,
        reach=_reach(tx, access),
        interval=period.interval,
        every=True,
        clauses=[counts.Clause(every=False, attendee_ids=frozenset(scope.people))],
        by_attendee=False,
    )


def _by_week(
    tx: Transaction, filtered: counts.AggregateFilter, weeks: Sequence[Period]
) -> tuple[WeekTally, ...]:
    ends = [each.interval.starts_at for each in weeks[1:]]
    found = {each.span: _tally(each) for each in tx.aggregates.count(replace(filtered, spans=ends))}
    return tuple(
        WeekTally(period=week, tally=found.get(number, Tally()))
        for number, week in enumerate(weeks)
    )


def _by_person(
    tx: Transaction, filtered: counts.AggregateFilter, scope: _Scope
) -> tuple[PersonTally, ...]:
    """Count for each person, most sessions first; of a team, only those who have any."""
    rows = tx.aggregates.count(replace(filtered, by_attendee=True))
    found = {each.attendee_id: _tally(each) for each in rows}
    people = [
        PersonTally(person_id=each.id, name=each.name, tally=found.get(each.id, Tally()))
        for each in scope.people.values()
        if scope.is_named or each.id in found
    ]
    people.sort(key=lambda each: (-each.tally.sessions, each.name.casefold(), each.person_id))
    return tuple(people)


def _tally(count: counts.Count) -> Tally:
    return Tally(
        sessions=count.activities,
        completed=count.complete,
        in_progress=count.in_progress,
        planned=count.planned,
        invalid=count.invalid_schedule,
        overdue=count.overdue,
    )


def _reach(tx: Transaction, access: Access) -> Reach:
    divisions = access.reach(Permission.APPOINTMENT_VIEW)
    everywhere = divisions >= tx.people.divisions().keys()
    return Reach(person_id=access.person_id, division_ids=None if everywhere else divisions)


def say_tally(tally: Tally) -> str:
    """Say the numbers, without those that are zero: `5 sessions: 3 completed, 2 planned`."""
    said = [
        f"{getattr(tally, name):,} {words}" for name, words in KINDS.items() if getattr(tally, name)
    ]
    return f"{counted(tally.sessions, 'session')}{': ' if said else ''}{', '.join(said)}"


def nothing_in(period: Period) -> str:
    """Say that there is nothing to count."""
    if period.first == period.last:
        return f"Nothing to count on {period.words}."
    return f"Nothing to count between {period.words.replace(' – ', ' and ')}."


def say_report(report: Report) -> str:
    """Say all that the picture of a report shows, for those who cannot see it."""
    lines = [f"{report.title}: {report.summary}"]
    if report.total.sessions:
        lines += [f"{each.period.words}: {say_tally(each.tally)}." for each in report.weeks]
        lines += [f"{each.name}: {say_tally(each.tally)}." for each in report.people]
    return " ".join(lines)


def report_csv(report: Report) -> str:
    """Write a report as a table for a spreadsheet: the total, every week, every person.

    No cell can be taken for a formula.
    """
    written = StringIO()
    table = csv.writer(written)
    table.writerow(("Counted by", "Name", "From", "To", *REPORT_HEADINGS.values()))
    whole = report.period
    table.writerow(_row("Total", report.whose, whole, report.total))
    for week in report.weeks:
        table.writerow(_row("Week", week.period.words, week.period, week.tally))
    for person in report.people:
        table.writerow(_row("Person", person.name, whole, person.tally))
    return written.getvalue()


def _row(kind: str, name: str, period: Period, tally: Tally) -> list[str]:
    days = (period.first.isoformat(), period.last.isoformat())
    return [kind, _harmless(name), *days, *(str(getattr(tally, each)) for each in REPORT_HEADINGS)]


def _harmless(cell: str) -> str:
    """Put a quote before what a spreadsheet would take for a formula."""
    bare = cell.lstrip()
    return f"'{cell}" if bare.startswith(FORMULAS) or cell.startswith(("\t", "\r")) else cell
