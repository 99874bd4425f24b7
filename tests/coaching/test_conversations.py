"""Attaching one interaction: who may, when, and that it is kept once."""

from dataclasses import replace

import pytest

from bot import coaching
from bot.coaching import Appointment, Denied, Invalid, NotFound, Status
from bot.coaching.ground.errors import Conflict
from tests.coaching.workplace import Workplace

CALL = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"


def attach(office: Workplace, who: str, made: Appointment, what: str = CALL) -> Appointment:
    return coaching.add_conversation(office.context, office.caller(who), made.id, what)


def test_an_interaction_is_attached_once_and_everybody_is_told_once(workplace: Workplace) -> None:
    made = workplace.schedule("Dana", "Priya", facilitator="Grace", conversation_ids=["first"])
    there = attach(workplace, "Grace", made)
    assert there == replace(
        made,
        conversation_ids=("first", CALL),
        revision=made.revision + 1,
        modified_by=workplace.ids["Grace"],
    )
    address = f"https://apps.example.com/directory/#/interaction/{CALL.upper()}"
    assert attach(workplace, "Dana", made, address) == there
    assert coaching.find(workplace.context, workplace.caller("Priya"), made.id) == there
    kinds = {who: len(workplace.notifications(who)) for who in ("Dana", "Grace", "Priya")}
    assert kinds == {"Dana": 1, "Grace": 1, "Priya": 2}
    trail = [
        (each.action, each.before, each.after) for each in workplace.audit("appointment", made.id)
    ]
    assert trail[1:] == [
        ("Update", {"conversation_ids": ["first"]}, {"conversation_ids": ["first", CALL]})
    ]


def test_only_those_who_lead_or_hold_the_permission_may_attach(workplace: Workplace) -> None:
    made = workplace.schedule("Dana", "Priya", facilitator="Grace")
    workplace.hire("Sue", division="Home", roles=("Supervisor",))
    for who, code in (
        ("Priya", "missing.permissions"),
        ("Jonas", "missing.permissions"),
        ("Omar", "missing.division.permission"),
    ):
        with workplace.refuses(Denied, code) as refused:
            attach(workplace, who, made)
        hidden = "appointment.not.found" if who != "Priya" else code
        assert refused.value.concealed().code == hidden
    for number, who in enumerate(["Dana", "Grace", "Sue", "Alex"], start=1):
        assert len(attach(workplace, who, made, f"call-{number}").conversation_ids) == number


def test_a_status_may_forbid_to_attach_more(desk: Workplace) -> None:
    made = desk.schedule("Dana", "Priya", conversation_ids=["first"])
    for status in (Status.IN_PROGRESS, Status.COMPLETED):
        coaching.change_status(desk.context, desk.caller("Dana"), made.id, status)
        if status is Status.IN_PROGRESS:
            attach(desk, "Dana", made)
    with desk.refuses(Conflict, "appointment.state.conflict"):
        attach(desk, "Dana", made, "another")
    coaching.add_conversation(desk.context, desk.caller("Dana"), made.id, CALL)


@pytest.mark.parametrize("what", ["", "  ", "x" * 256, "a\x00b", "https://example.com/none"])
def test_what_is_no_interaction_is_refused(desk: Workplace, what: str) -> None:
    made = desk.schedule("Dana", "Priya")
    with desk.refuses(Invalid, "invalid.value", "conversation_ids"):
        attach(desk, "Dana", made, what)


def test_an_interaction_beyond_the_last_is_refused(desk: Workplace) -> None:
    full = [f"call-{number}" for number in range(50)]
    made = desk.schedule("Dana", "Priya", conversation_ids=full)
    assert attach(desk, "Dana", made, "call-7") == made
    with desk.refuses(Invalid, "constraint.validation", "conversation_ids"):
        attach(desk, "Dana", made)
    coaching.delete(desk.context, desk.caller("Dana"), made.id)
    with desk.refuses(NotFound, "appointment.not.found"):
        attach(desk, "Dana", made)
