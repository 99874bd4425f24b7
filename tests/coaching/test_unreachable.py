"""Who cannot be reached is told by somebody who can: once, at once, and while it is of use."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import coaching
from bot.coaching import Announcement, AppointmentChanges, Standing, Status, Unreached
from bot.coaching.promises.unreachable import give_up
from storage.records import Delivery
from storage.types import ActionType, DeliveryState
from tests.coaching.sending import claim, finish
from tests.coaching.workplace import Workplace, assert_for_people

Told = list[tuple[str, str]]
"""Who was asked to tell somebody, in which headline."""
ASKED = "Please tell them yourself"
PARTY = ("Dana", "Grace", "Priya", "Jonas")
MEMBER = Standing.MEMBER


def lose(desk: Workplace, *names: str, why: Unreached = Unreached.CLOSED) -> Told:
    """Keep what is due, but nothing reaches these; answers who was asked to tell them."""
    told: Told = []
    while taken := claim(desk):
        lost = [each for each in taken if desk.name_of(each.person_id) in names]
        for each in lost:
            assert give_up(desk.context, each.id, claim=claim_of(each), reason=why, unreached=why)
        told += requests(desk, finish(desk, [each for each in taken if each not in lost]))
    return told


def claim_of(delivery: Delivery) -> str:
    assert delivery.claim
    return delivery.claim


def requests(desk: Workplace, said: list[tuple[Delivery, Announcement]]) -> Told:
    return [
        (desk.name_of(each.person_id), words.headline)
        for each, words in said
        if each.kind is ActionType.UNREACHABLE
    ]


def not_reached(desk: Workplace, appointment_id: str) -> list[dict[str, object]]:
    """What the trail says of those who were not reached."""
    found = desk.audit("appointment", appointment_id)
    return [dict(each.after or {}) for each in found if each.action == "not reached"]


@pytest.mark.parametrize("why", Unreached)
def test_the_facilitator_is_asked_at_once_and_once(workplace: Workplace, why: Unreached) -> None:
    made = workplace.schedule("Dana", "Priya", facilitator="Grace")
    [(who, headline)] = lose(workplace, "Priya", why=why)
    assert who == "Grace"
    assert headline.startswith("Priya can’t be reached in Slack (")
    assert headline.endswith(ASKED)
    assert_for_people(f"{headline}.")
    coaching.change(
        workplace.context, workplace.caller("Dana"), made.id, AppointmentChanges(name="Another")
    )
    workplace.clock.moment = made.starts_at
    assert lose(workplace, "Priya", why=why) == [], "nor for any reminder, nor after a change"
    entry = {"person_id": workplace.ids["Priya"], "why": why, "told": workplace.ids["Grace"]}
    assert not_reached(workplace, made.id) == [entry]
    kinds = {each.action_type for each in workplace.notifications("Grace")}
    assert ActionType.UNREACHABLE not in kinds


def test_then_the_organizer_and_then_nobody(workplace: Workplace) -> None:
    made = workplace.schedule("Dana", "Priya", facilitator="Grace")
    told = lose(workplace, "Priya", "Grace")
    whom = sorted((who, headline.partition(" ")[0]) for who, headline in told)
    assert whom == [("Dana", "Grace"), ("Dana", "Priya")]
    assert lose(workplace, "Priya", "Grace") == []
    other = workplace.schedule(
        "Dana", "Jonas", facilitator="Grace", starts_at=made.starts_at + timedelta(hours=1)
    )
    assert lose(workplace, "Jonas", "Grace", "Dana") == []
    missed = {str(each["person_id"]) for each in without_teller(workplace, other.id)}
    assert missed == {workplace.ids["Jonas"], workplace.ids["Grace"]}
    states = {each.state for each in workplace.deliveries(other.id)}
    assert states == {DeliveryState.FAILED, DeliveryState.PENDING}


def test_who_is_known_to_be_out_of_reach_is_passed_over(workplace: Workplace) -> None:
    workplace.hire("Faye", division="Home", roles=("Supervisor",), slack_user_id=None)
    workplace.schedule("Dana", "Priya", facilitator="Faye")
    told = lose(workplace, "Priya", "Faye")
    assert sorted(each[0] for each in told) == ["Dana", "Dana"]


@pytest.mark.parametrize("ending", ["delete", "complete"])
def test_it_is_not_asked_of_what_no_longer_stands(workplace: Workplace, ending: str) -> None:
    made = workplace.schedule("Dana", "Priya", facilitator="Grace")
    [lost] = [each for each in claim(workplace) if each.person_id == workplace.ids["Priya"]]
    why = Unreached.DEACTIVATED
    give_up(workplace.context, lost.id, claim=claim_of(lost), reason=why, unreached=why)
    grace = workplace.caller("Grace")
    ends: dict[str, Callable[[], object]] = {
        "delete": lambda: coaching.delete(workplace.context, workplace.caller("Dana"), made.id),
        "complete": lambda: coaching.change_status(
            workplace.context, grace, made.id, Status.COMPLETED
        ),
    }
    assert [each[0] for each in workplace.owed(made.id)].count("Unreachable") == 1
    ends[ending]()
    assert requests(workplace, finish(workplace, claim(workplace))) == []


def test_a_message_that_was_sent_says_so_when_the_session_is_cancelled(
    workplace: Workplace,
) -> None:
    made = workplace.schedule("Dana", "Priya", facilitator="Grace")
    assert lose(workplace, "Priya")
    [asked] = [each for each in workplace.deliveries(made.id) if each.kind == "Unreachable"]
    coaching.delete(workplace.context, workplace.caller("Dana"), made.id)
    words = coaching.shown_anew(workplace.context, [asked.id])[asked.id]
    assert words
    assert words.card.status_words == "Cancelled"
    assert ASKED not in words.headline


def test_who_lost_the_claim_settles_nothing(workplace: Workplace) -> None:
    made = workplace.schedule("Dana", "Priya", facilitator="Grace")
    taken = claim(workplace)
    before = workplace.everything()
    why = Unreached.CLOSED
    assert not give_up(workplace.context, taken[0].id, claim="other", reason=why, unreached=why)
    assert workplace.everything() == before
    assert workplace.deliveries(made.id)


def test_two_senders_that_give_up_at_once_ask_one_person_once(workplace: Workplace) -> None:
    made = workplace.schedule("Dana", "Priya", facilitator="Grace")
    workplace.clock.moment = made.starts_at - timedelta(minutes=10)
    taken = [each for each in claim(workplace) if each.person_id == workplace.ids["Priya"]]
    assert len(taken) > 2
    together = threading.Barrier(len(taken))

    def lose_one(each: Delivery) -> bool:
        together.wait()
        why = Unreached.CLOSED
        return give_up(workplace.context, each.id, claim=claim_of(each), reason=why, unreached=why)

    with ThreadPoolExecutor(len(taken)) as senders:
        assert all(senders.map(lose_one, taken))
    asked = [each for each in workplace.deliveries(made.id) if each.kind == "Unreachable"]
    assert [each.person_id for each in asked] == [workplace.ids["Grace"]]


def test_a_message_that_cannot_be_written_is_no_fault_of_its_reader(workplace: Workplace) -> None:
    made = workplace.schedule("Dana", "Priya", facilitator="Grace")
    for each in claim(workplace):
        give_up(workplace.context, each.id, claim=claim_of(each), reason="invalid_blocks")
    assert not_reached(workplace, made.id) == []
    assert lose(workplace) == []


@settings(max_examples=30)
@given(lost=st.sets(st.sampled_from(PARTY)), deactivated=st.sets(st.sampled_from(PARTY)))
def test_everybody_out_of_reach_is_told_by_the_first_who_is_not(
    workplace: Workplace, lost: set[str], deactivated: set[str]
) -> None:
    with a_session_of_all(workplace) as made:
        for name in PARTY:
            set_standing(workplace, name, Standing.DEACTIVATED if name in deactivated else MEMBER)
        out = lost | deactivated
        told = lose(workplace, *out)
        # Who schedules by another way than Slack is sent nothing, and so is not missed.
        missed = out - {"Dana"}
        teller = next((each for each in ("Grace", "Dana") if each not in out), None)
        wanted = {(teller, name) for name in missed if teller}
        assert sorted((who, words.partition(" ")[0]) for who, words in told) == sorted(wanted)
        assert {each["person_id"] for each in not_reached(workplace, made.id)} == {
            workplace.ids[each] for each in missed
        }
        assert bool(without_teller(workplace, made.id)) == (bool(missed) and teller is None)
    assert not requests(workplace, finish(workplace, claim(workplace)))


@contextmanager
def a_session_of_all(desk: Workplace) -> Iterator[coaching.Appointment]:
    """Schedule one, and cancel it again whatever happens: another example needs the time."""
    made = desk.schedule("Dana", "Priya", "Jonas", facilitator="Grace")
    try:
        yield made
    finally:
        for name in PARTY:
            set_standing(desk, name, MEMBER)
        coaching.delete(desk.context, desk.caller("Alex"), made.id)


def without_teller(desk: Workplace, appointment_id: str) -> list[dict[str, object]]:
    return [each for each in not_reached(desk, appointment_id) if each["told"] is None]


def set_standing(desk: Workplace, name: str, standing: Standing) -> None:
    with desk.store.begin() as tx:
        row = tx.people.for_change(desk.ids[name])
        assert row
        row.standing = standing
