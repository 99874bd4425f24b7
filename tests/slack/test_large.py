"""A large organization is shown on every page within Slack's limits.

Five hundred divisions, sixty roles, ten thousand people, a supervisor with a team of four hundred,
a session with as many people, notes and attachments as may be, and names as long as may be, of
characters that take the most room or mean something to Slack.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any, Final

import pytest
from msgspec import structs
from sqlalchemy import insert

from bot import coaching
from bot.coaching import AccessType, FormTab
from bot.coaching.promises.summaries import _in_plain_words
from bot.sandbox.limits import (
    count_characters,
    find_faults,
    find_option_faults,
    is_message_too_long,
)
from bot.slack import help as helping
from bot.slack import why
from bot.slack.admin import divisions as admin_divisions
from bot.slack.admin import people as admin_people
from bot.slack.admin import person_form as admin_person_form
from bot.slack.admin import policies as admin_policies
from bot.slack.admin import roles as admin_roles
from bot.slack.blocks import menus
from bot.slack.blocks.targets import Listing
from bot.slack.blocks.targets import pack as pack_of
from bot.slack.blocks.words import size
from bot.slack.home import tab as home
from bot.slack.home import team as home_team
from bot.slack.lists import choosing, inbox, listing
from bot.slack.messages import following, summaries
from bot.slack.messages import message as messages
from bot.slack.notes import noting
from bot.slack.reports import report, sending
from bot.slack.session import acts as session_acts
from bot.slack.session import form as session_form
from bot.slack.session.frame import NEW
from bot.slack.session.request import starting_from
from bot.slack.settings import form as settings_form
from bot.slack.turns.suggesting import MOST as MOST_OFFERED
from storage import models
from storage.base import new_id
from storage.transaction import Transaction
from tests.clocks import TUESDAY
from tests.coaching.workplace import Workplace
from tests.conftest import FrozenClock
from tests.databases import SqliteFiles, opened
from tests.slack.taken import ALL_CHARACTERS, ensure_view_taken
from tests.slack.test_extremes import ensure_said

DIVISIONS: Final = 500
ROLES: Final = 60
PEOPLE: Final = 10_000
TEAM: Final = 400
NOTES: Final = 60
SESSIONS: Final = 40
MARKED: Final = ("👩‍👩‍👧‍👦", "<@U1> *b* &amp; ", "\u202eمحمد", "e\u0301\u0302", "🇬🇧\n", "田\"'\\")


def longest(number: int, size: int = 255) -> str:
    """Give a name of the longest that is allowed, and of one kind of character."""
    return f"{number:05} {MARKED[number % len(MARKED)] * size}"[:size].strip()


@dataclass(frozen=True)
class Large:
    """The organization, who supervises in it, who administers it, and its fullest session."""

    desk: Workplace
    dana: coaching.Caller
    alex: coaching.Caller
    everywhere: str
    """Somebody who holds more roles than Slack shows."""
    fullest: str
    agents: list[str]


def fill(tx: Transaction, ids: dict[str, str], now: object) -> list[str]:
    """Write the divisions, the roles and the people, each with a role; answers the agents."""
    divisions = [{"id": new_id(), "name": longest(number)} for number in range(DIVISIONS)]
    tx.session.execute(insert(models.Division), divisions)
    roles = [longest(number) for number in range(ROLES)]
    tx.session.execute(insert(models.Role), [{"name": each, "permissions": []} for each in roles])
    people = [
        {
            "id": new_id(),
            "name": longest(number),
            "division_id": divisions[number % DIVISIONS]["id"],
            "email": f"{number}@{'e' * 300}.example",
            "slack_user_id": f"U{number:010}",
            "timezone": "America/Argentina/ComodRivadavia",
            "manager_id": ids["Dana"] if number < TEAM else None,
        }
        for number in range(PEOPLE)
    ]
    tx.session.execute(insert(models.Person), people)
    over = [each["id"] for each in divisions]
    grants = [(each["id"], "Agent", each["division_id"]) for each in people]
    grants += [(ids["Dana"], "Supervisor", each) for each in over]
    grants += [(ids["Alex"], "Administrator", each) for each in over]
    grants += [(people[0]["id"], role, where) for role in roles for where in over[:20]]
    named = ("person_id", "role", "division_id")
    tx.session.execute(
        insert(models.Grant), [dict(zip(named, each, strict=True)) for each in grants]
    )
    return [str(each["id"]) for each in people]


def busy(desk: Workplace, agents: list[str]) -> str:
    """Let Dana schedule the fullest session that may be, and many others; answers the fullest."""
    context, dana, now = desk.context, desk.caller("Dana"), desk.clock()
    policy = context.policy
    most = policy.max_attachments
    fullest = coaching.NewAppointment(
        name=longest(0, policy.max_name_length),
        description=longest(1, policy.max_description_length),
        location=longest(2, policy.max_location_length),
        starts_at=now + timedelta(hours=2),
        length_minutes=policy.max_length_minutes,
        attendee_ids=agents[: policy.max_attendees],
        facilitator_id=desk.ids["Dana"],
        external_links=[f"https://{n}.example/{'a' * 1_900}" for n in range(most)],
        document_ids=[f"{n}{'👩‍👩‍👧‍👦' * 30}".replace("\u200d", "") for n in range(most)],
        conversation_ids=[f"{n:03}{'c' * 252}" for n in range(most)],
        files=[
            coaching.AttachedFile(f"F{n}", longest(n), f"https://files.example/{'f' * 1_900}")
            for n in range(most)
        ],
    )
    made = coaching.schedule(context, dana, fullest).id
    for number in range(NOTES):
        text, kind = longest(number, policy.max_note_length), [*AccessType][number % 2]
        coaching.add_annotation(context, dana, made, text=text, access_type=kind)
    for number in range(SESSIONS):
        request = coaching.NewAppointment(
            name=longest(number, policy.max_name_length),
            description="d",
            starts_at=now + timedelta(hours=number % 800 + 4),
            length_minutes=30,
            attendee_ids=[agents[number]],
            facilitator_id=None,
        )
        coaching.schedule(context, dana, request)
    return made


@pytest.fixture(scope="module")
def large(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Large]:
    folder = tmp_path_factory.mktemp("large")
    with sqlite_files.address(folder) as address, opened(address) as store:
        desk = Workplace(store, FrozenClock(TUESDAY))
        with store.begin() as tx:
            agents = fill(tx, desk.ids, TUESDAY)
        fullest = busy(desk, agents)
        yield Large(desk, desk.caller("Dana"), desk.caller("Alex"), agents[0], fullest, agents)


def form_begun(large: Large, subject: str, typed: str = "") -> None:
    context, dana = large.desk.context, large.dana
    for tab in FormTab:
        begun = session_acts.begin(context, dana, subject=subject, starting=starting_from(typed))
        carried = structs.replace(begun.carried, tab=tab, is_checked=True)
        for page in (1, 3, 20):
            again = structs.replace(carried, page=page)
            full = session_acts.show(context, dana, begun.page, again)
            ensure_view_taken(session_form.form(full).to_dict())


def home_shown(large: Large) -> None:
    for page in (1, 2, 40):
        agenda = coaching.home(
            large.desk.context, large.dana, team=coaching.TeamQuery(page_number=page)
        )
        ensure_view_taken(home.view_of(agenda).to_dict())
    own = coaching.home(large.desk.context, large.alex, team=coaching.TeamQuery())
    ensure_view_taken(home.view_of(own).to_dict())


def lists_shown(large: Large) -> None:
    for word in ("", "all"):
        for whose in ("", "team", "me"):
            for page in (1, 1_000):
                wanted = Listing(word, page, whose=coaching.Whose(whose))
                ensure_said(listing.page_of(large.desk.context, large.dana, wanted=wanted))
    ensure_said(inbox.page_of(large.desk.context, large.dana))


def report_shown(large: Large) -> None:
    for whose in coaching.Whose:
        query = coaching.ReportQuery(whose=whose, period="last 90 days")
        found = coaching.report(large.desk.context, large.dana, query)
        for said in (report.said_of(found), sending._in_words(found), sending._comment(found)):
            ensure_said(said)
        drawn = sending.charted(found)
        blocks = [each.to_dict() for each in drawn.blocks]
        assert find_faults(blocks, "message") == []
        assert not is_message_too_long(drawn.fallback)
        assert count_characters(blocks) <= ALL_CHARACTERS


def people_shown(large: Large) -> None:
    for search in (
        admin_people.Search(),
        admin_people.Search(longest(3, 100), page=3),
        admin_people.Search("0", page=10_000),
    ):
        view = admin_people.write(large.desk.context, large.alex, search=search)
        ensure_view_taken(view.to_dict())


def person_shown(large: Large) -> None:
    carried = admin_person_form.Carried("V" * 20, pack_of(admin_people.Search(longest(3, 100))))
    for person_id in (large.everywhere, large.agents[7], large.desk.ids["Alex"]):
        page = coaching.person_page(large.desk.context, large.alex, person_id)
        ensure_view_taken(admin_person_form.form(page, carried).to_dict())


def divisions_shown(large: Large) -> None:
    for number in (1, 25, 1_000):
        view = admin_divisions.write(large.desk.context, large.alex, number=number)
        ensure_view_taken(view.to_dict())
    naming = admin_divisions.Naming(new_id(), "V0", 3)
    ensure_view_taken(admin_divisions.form(naming, longest(3)).to_dict())


def roles_shown(large: Large) -> None:
    context, alex = large.desk.context, large.alex
    ensure_view_taken(admin_roles.write(context, alex).to_dict())
    for role in coaching.roles_page(context, alex):
        ensure_view_taken(
            admin_roles.form(coaching.role_page(context, alex, role.name), "V0").to_dict()
        )


def choices_shown(large: Large) -> None:
    subject = choosing.Subject("Why", "pick", why.page_of)
    for typed in ("", "0" * 3_000, "0 " * 1_500, longest(2, 3_000), mentions(100), mentions(5)):
        view = choosing._find(large.desk.context, large.dana, subject=subject, typed=typed)
        ensure_view_taken(view.to_dict())
    for choice in coaching.session_choices(large.desk.context, large.dana, most=100):
        assert size(choosing.label(choice)) <= choosing.LABEL


def messages_shown(large: Large) -> None:
    dana = large.dana
    for delivery in large.desk.deliveries(large.fullest)[:30]:
        whose = coaching.Caller(delivery.person_id, dana.source)
        ensure_said(messages.said_of(coaching.message(large.desk.context, whose, delivery.id)))


def summaries_shown(large: Large) -> None:
    query = coaching.AppointmentQuery(page_size=100)
    cards = coaching.list_cards(large.desk.context, large.dana, query).entities
    for kind in (coaching.ActionType.AGENDA, coaching.ActionType.DIGEST):
        headline, text = "Today", _in_plain_words("Today", cards, 400)
        values: dict[str, Any] = {each.name: None for each in fields(coaching.Summary)}
        values |= {"kind": kind, "headline": headline, "text": text, "cards": cards, "more": 300}
        summary = coaching.Summary(**values)
        ensure_said(summaries.said_of(summary))


def team_shown(large: Large) -> None:
    """Each of the team, and divisions and people as they are looked up while somebody types."""
    context, dana, alex = large.desk.context, large.dana, large.alex
    query = coaching.TeamQuery(person_id=large.agents[0], period=coaching.TeamPeriod.NEXT_WEEK)
    ensure_view_taken(home.view_of(coaching.home(context, dana, team=query)).to_dict())
    for words in ("", "0", longest(3)):
        options = home_team.offered(coaching.team_divisions(context, dana, words=words), words)
        divisions = coaching.division_choices(context, alex, words=words)
        roles = coaching.role_choices(context, alex, large.everywhere, words=words)
        for offered in (
            options[:MOST_OFFERED],
            [menus.option(each.name, each.division_id) for each in divisions],
            [admin_person_form._role(each) for each in roles],
        ):
            shown = {"options": [each.to_dict() for each in offered]}
            assert find_option_faults(shown) == []


def session_shown(large: Large) -> None:
    for page_of in (noting.page_of, following.page_of, why.page_of):
        ensure_view_taken(page_of(large.desk.context, large.dana, large.fullest).to_dict())


def rest_shown(large: Large) -> None:
    context = large.desk.context
    ensure_view_taken(admin_policies.write(context, large.alex).to_dict())
    for caller in (large.dana, large.alex):
        filled = settings_form.begin(coaching.settings_page(context, caller))
        ensure_view_taken(settings_form.form(*filled).to_dict())
        ensure_said(helping.said_of(coaching.help_for(context, caller)))


def mentions(count: int) -> str:
    return " ".join(f"<@U{number:010}>" for number in range(count))


WALKS: Final = {
    "a new form": lambda large: form_begun(large, NEW),
    "a form of many words": lambda large: form_begun(large, NEW, "word " * 600),
    "a form of strangers": lambda large: form_begun(large, NEW, "@nobody " * 370),
    "a form of one word": lambda large: form_begun(large, NEW, "👩‍👩‍👧‍👦" * 270),
    "a form of people": lambda large: form_begun(large, NEW, f"with {mentions(200)} fri 3"),
    "the fullest form": lambda large: form_begun(large, large.fullest),
    "home": home_shown,
    "lists": lists_shown,
    "report": report_shown,
    "people": people_shown,
    "person": person_shown,
    "divisions": divisions_shown,
    "roles": roles_shown,
    "choices": choices_shown,
    "messages": messages_shown,
    "session": session_shown,
    "summaries": summaries_shown,
    "team": team_shown,
    "the rest": rest_shown,
}


@pytest.mark.parametrize("name", WALKS)
def test_a_large_organization_is_shown(large: Large, name: str) -> None:
    WALKS[name](large)
