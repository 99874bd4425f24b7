"""At the extremes Slack takes everything: the longest names, all scripts, crowds, zones, clocks."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block
from sqlalchemy import insert

from bot import coaching
from bot.coaching import AccessType, FormTab
from bot.slack import why
from bot.slack.admin import people as admin_people
from bot.slack.admin import policies as admin_policies
from bot.slack.admin import roles as admin_roles
from bot.slack.blocks.kit import Said
from bot.slack.blocks.targets import Listing
from bot.slack.home import tab as home
from bot.slack.lists import inbox, listing
from bot.slack.messages import following
from bot.slack.messages import message as messages
from bot.slack.notes import noting
from bot.slack.reports import report
from bot.slack.session import acts as session_acts
from bot.slack.session import form as session_form
from bot.slack.session.frame import Carried, Shown
from bot.slack.settings import form as settings_form
from storage import models
from storage.base import new_id
from storage.transaction import Store
from tests.coaching.workplace import Workplace
from tests.conftest import FrozenClock
from tests.slack import extremes
from tests.slack.extremes import clocks, texts, zones
from tests.slack.taken import Payload, ensure_message_taken, ensure_view_taken
from tests.slack.test_session_blocks import pages

SCRIPTS = (
    "Maximiliana ",
    "محمد ",
    "田中美咲",
    "👩‍👩‍👧‍👦",
    "e\u0301\u0302\u0303",
    "<@U1> *b* &amp; ",
)
ZONES = ("Asia/Kathmandu", "Pacific/Kiritimati", "America/St_Johns", "Etc/GMT+12", "Europe/Berlin")
LONGEST_NAME, CROWD, SESSIONS = 255, 100, 1_000


def written(blocks: Sequence[Block]) -> list[Payload]:
    return [each.to_dict() for each in blocks]


def ensure_said(said: Said) -> None:
    ensure_message_taken(said.fallback, written(said.blocks))


@settings(max_examples=50)
@given(pages(), zones, clocks, st.lists(zones, min_size=1, max_size=5))
def test_every_zone_and_clock_fits_into_the_form(
    page: coaching.FormPage, zone: str, hours: int | None, others: list[str]
) -> None:
    people = tuple(
        replace(each, zone=others[number % len(others)]) for number, each in enumerate(page.people)
    )
    page = replace(page, timezone=zone, hours=hours, people=people)
    for tab in FormTab:
        shown = Shown(page=page, carried=Carried(subject=page.subject, tab=tab), notes=page.notes)
        ensure_view_taken(session_form.form(shown).to_dict())


@settings(max_examples=40)
@given(extremes.cards(), st.lists(st.tuples(texts, texts), max_size=20), st.booleans())
def test_every_history_fits_into_the_page(
    card: coaching.Card, steps: list[tuple[str, str]], may_reset: bool
) -> None:
    history = tuple(coaching.StatusEntry(words=words, by=by, when=words) for words, by in steps)
    page = coaching.StatusPage(card=card, history=history, may_reset=may_reset)
    ensure_view_taken(following.view_of(page).to_dict())


@settings(max_examples=40)
@given(extremes.announcements())
def test_every_message_fits_also_with_another_library(announcement: coaching.Announcement) -> None:
    ensure_said(messages.said_of(announcement))


@settings(max_examples=40)
@given(extremes.agendas())
def test_every_home_tab_fits_also_with_another_library(agenda: coaching.Agenda) -> None:
    ensure_view_taken(home.view_of(agenda).to_dict())


@pytest.fixture
def crowd(sqlite_store: Store, clock: FrozenClock) -> Workplace:
    """A hundred agents with endless names all over the world, in a thousand sessions of Dana’s."""
    desk = Workplace(sqlite_store, clock)
    agents = []
    for number in range(CROWD):
        name = f"{number} {SCRIPTS[number % len(SCRIPTS)] * LONGEST_NAME}"[:LONGEST_NAME]
        zone = ZONES[number % len(ZONES)]
        agents.append(desk.hire(name, division="Home", timezone=zone, email=f"a{number}@x.example"))
    long = "".join(SCRIPTS) * 20
    everybody = coaching.NewAppointment(
        name=long[:200],
        description=(long * 10)[:3000],
        location=long[:500],
        starts_at=clock() + timedelta(hours=2),
        length_minutes=60,
        attendee_ids=agents,
        facilitator_id=desk.ids["Dana"],
        external_links=[f"https://meet.example.com/{number}/{'a' * 200}" for number in range(50)],
    )
    coaching.schedule(desk.context, desk.caller("Dana"), everybody)
    fill(desk, agents)
    return desk


def fill(desk: Workplace, agents: list[str]) -> None:
    now, dana = desk.clock(), desk.ids["Dana"]
    rows = [
        {
            "id": new_id(),
            "name": f"{number} {SCRIPTS[number % len(SCRIPTS)] * 200}"[:200],
            "description": "",
            "starts_at": now + timedelta(hours=number - SESSIONS // 2),
            "ends_at": now + timedelta(hours=number - SESSIONS // 2, minutes=30),
            "length_minutes": 30,
            "status": "Scheduled",
            "creator_id": dana,
            "created_at": now,
            "modified_by": dana,
            "modified_at": now,
            "revision": 1,
        }
        for number in range(SESSIONS)
    ]
    with desk.store.begin() as tx:
        tx.session.execute(insert(models.Appointment), rows)
        tx.session.execute(
            insert(models.Attendee),
            [
                {"appointment_id": row["id"], "person_id": agents[number % CROWD], "position": 0}
                for number, row in enumerate(rows)
            ],
        )


def test_a_crowd_in_a_thousand_sessions_is_shown_everywhere(crowd: Workplace) -> None:
    """Every page is written by its use case from what is stored, and taken as it is."""
    context, dana = crowd.context, crowd.caller("Dana")
    where = next(each for each in cards(crowd) if len(each.attendees) == CROWD).appointment_id
    for number in range(6):
        text = f"{number} {''.join(SCRIPTS) * 100}"[:3000]
        coaching.add_annotation(
            context, dana, where, text=text, access_type=[*AccessType][number % 2]
        )
    for hours in (None, 12, 24):
        coaching.change_settings(context, dana, coaching.SettingsChanges(hours=hours))
        ensure_session_taken(context, dana, where)
        ensure_lists_taken(context, dana)
    ensure_admin_taken(context, crowd.caller("Alex"))
    for delivery in crowd.deliveries(where)[:CROWD]:
        whose = coaching.Caller(delivery.person_id, dana.source)
        ensure_said(messages.said_of(coaching.message(context, whose, delivery.id)))


def ensure_session_taken(context: coaching.Context, dana: coaching.Caller, where: str) -> None:
    """Hold the pages about one session to the terms."""
    for tab in FormTab:
        shown = session_acts.begin(context, dana, subject=where, starting=None)
        carried = Carried(subject=where, tab=tab, is_checked=True)
        full = session_acts.show(context, dana, shown.page, carried)
        ensure_view_taken(session_form.form(full).to_dict())
    ensure_view_taken(noting.page_of(context, dana, where).to_dict())
    ensure_view_taken(following.page_of(context, dana, where).to_dict())
    ensure_view_taken(why.page_of(context, dana, where).to_dict())


def ensure_lists_taken(context: coaching.Context, dana: coaching.Caller) -> None:
    """Hold the pages about many sessions, and those about oneself, to the terms."""
    for word in ("", "all", "overdue", "completed"):
        for page in (1, 40):
            ensure_said(listing.page_of(context, dana, wanted=Listing(word, page)))
    ensure_said(inbox.page_of(context, dana))
    agenda = coaching.home(context, dana, team=coaching.TeamQuery())
    ensure_view_taken(home.view_of(agenda).to_dict())
    ensure_said(report.said_of(coaching.report(context, dana, coaching.ReportQuery())))
    filled = settings_form.begin(coaching.settings_page(context, dana))
    ensure_view_taken(settings_form.form(*filled).to_dict())


def ensure_admin_taken(context: coaching.Context, alex: coaching.Caller) -> None:
    """Hold the administrators’ pages to the terms."""
    ensure_view_taken(admin_policies.write(context, alex).to_dict())
    ensure_view_taken(admin_people.write(context, alex, search=admin_people.Search()).to_dict())
    for role in coaching.roles_page(context, alex):
        shown = coaching.role_page(context, alex, role.name)
        ensure_view_taken(admin_roles.form(shown, "V0").to_dict())


def cards(desk: Workplace) -> Sequence[coaching.Card]:
    """The sessions of today."""
    interval = coaching.Interval(starts_at=desk.clock(), ends_at=desk.clock() + timedelta(hours=3))
    query = coaching.AppointmentQuery(page_size=100, interval=interval)
    return coaching.list_cards(desk.context, desk.caller("Dana"), query).entities
