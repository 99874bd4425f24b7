"""One's own settings: shown as they are, saved as picked, refused under the field."""

from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import coaching
from bot.coaching import Lead, Quiet, QuietHours, SettingsPage
from bot.sandbox import Actor, PersonRefusal, View
from bot.sandbox.limits import find_view_faults
from bot.slack.settings import form as settings_form
from bot.slack.settings.form import Filled, Notes
from tests.slack.office import DANA, PRIYA, Office, form_of

CLOCKS = st.times().map(lambda each: f"{each:%H:%M}")
NAMES = [f"{number}{unit}" for unit in "dhm" for number in range(1, 30)]
LEADS = st.lists(st.sampled_from(NAMES), unique=True).map(tuple)


async def form_for(actor: Actor) -> View:
    await actor.command("/coach settings")
    return await actor.until(form_of)


async def test_what_was_picked_is_saved_and_shown(office: Office, dana: Actor) -> None:
    view = await form_for(dana)
    assert "New York time" in view.words
    await dana.submit(
        view,
        {
            "hours": "24",
            "facilitator_leads": ["24h", "5m"],
            "attendee_leads": [],
            "quiet": "own",
            "quiet_from": "22:00",
            "quiet_to": "06:30",
            "agenda_at": "08:00",
            "weekly_digest": ["digest"],
        },
    )
    await office.settle()
    page = coaching.settings_page(office.context, office.caller(DANA))
    assert (page.hours, page.facilitator_leads, page.attendee_leads) == (24, ("24h", "5m"), ())
    assert (page.quiet, page.quiet_hours) == (Quiet.OWN, QuietHours(time(22), time(6, 30)))
    assert (page.agenda_at, page.weekly_digest) == (time(8), True)
    assert dana.modal is not None
    assert "Saved" in dana.modal.words


async def test_what_is_left_alone_stays(office: Office, priya: Actor) -> None:
    before = coaching.settings_page(office.context, office.caller(PRIYA))
    view = await form_for(priya)
    assert "weekly_digest" not in view.values, "who leads nobody is not offered the summary"
    await priya.submit(view, {})
    assert coaching.settings_page(office.context, office.caller(PRIYA)) == before


async def test_quiet_hours_that_never_end_are_refused_under_the_field(priya: Actor) -> None:
    view = await form_for(priya)
    with pytest.raises(PersonRefusal) as refused:
        await priya.submit(view, {"quiet": "own", "quiet_from": "22:00", "quiet_to": "22:00"})
    assert list(refused.value.errors) == ["quiet_to"]


@pytest.mark.parametrize(
    ("picked", "meant"),
    [
        ({"quiet_from": "22:00"}, (Quiet.OWN, QuietHours(time(22), time(7)))),
        ({"quiet_from": "22:00", "quiet": "never"}, (Quiet.NEVER, None)),
        ({"quiet": "never"}, (Quiet.NEVER, None)),
        ({"hours": "24"}, (Quiet.USUAL, QuietHours(time(20), time(7)))),
    ],
)
async def test_times_that_are_changed_are_meant(
    office: Office,
    priya: Actor,
    picked: dict[str, str],
    meant: tuple[Quiet, QuietHours | None],
) -> None:
    await priya.submit(await form_for(priya), picked)
    page = coaching.settings_page(office.context, office.caller(PRIYA))
    assert (page.quiet, page.quiet_hours) == meant


async def test_who_goes_back_to_the_usual_quiet_hours_has_them(
    office: Office, priya: Actor
) -> None:
    own = {"quiet": "own", "quiet_from": "22:00", "quiet_to": "06:00"}
    for picked in (own, {"quiet": "usual"}):
        await priya.submit(await form_for(priya), picked)
        await office.settle()
        assert priya.modal is not None
        await priya.close(priya.modal)
    page = coaching.settings_page(office.context, office.caller(PRIYA))
    assert page.quiet is Quiet.USUAL


@given(
    leads=LEADS,
    chosen=LEADS,
    quiet=st.sampled_from(Quiet),
    clocks=st.lists(st.none() | CLOCKS, min_size=3, max_size=3),
    hours=st.sampled_from([None, 12, 24]),
    leads_others=st.booleans(),
)
def test_whatever_is_chosen_the_form_keeps_to_the_terms(
    leads: tuple[str, ...],
    chosen: tuple[str, ...],
    quiet: Quiet,
    clocks: list[str | None],
    hours: int | None,
    leads_others: bool,
) -> None:
    notes = Notes("America/New_York", leads or ("1h",), ("20:00", "07:00"), leads_others)
    begins, ends, agenda_at = clocks
    filled = Filled(hours, chosen, chosen, quiet, begins, ends, agenda_at, weekly_digest=True)
    view = settings_form.form(notes, filled, problem="Please pick again.")
    assert not find_view_faults(view.to_dict())


def test_the_form_begins_with_what_holds() -> None:
    page = SettingsPage(
        timezone="Europe/London",
        hours=None,
        offered_leads=(Lead(name="1h", before=timedelta(hours=1)),),
        facilitator_leads=("1h",),
        attendee_leads=(),
        usual_quiet=None,
        quiet=Quiet.USUAL,
        quiet_hours=None,
        agenda_at=None,
        leads_others=False,
        weekly_digest=False,
    )
    notes, filled = settings_form.begin(page)
    assert notes == Notes("Europe/London", ("1h",), None, False, (None, None))
    assert (filled.facilitator_leads, filled.attendee_leads) == (("1h",), ())
    assert (filled.quiet_from, filled.quiet_to) == (None, None)
