"""Two people with the same form open: nobody's edit is lost without a word."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import coaching
from bot.coaching import Appointment, Conflict, FormPage, Status, TypedChanges
from tests.coaching.workplace import Workplace, assert_for_people

WORDS: Final = ("Alpha", "Beta", "Gamma")
TEXTS: Final = ("name", "description", "location")


@dataclass
class Editor:
    """One person's open form, and what a careful witness notes about it."""

    desk: Workplace
    who: str
    subject: str
    seen: dict[str, str] = field(default_factory=dict)
    """What each field held when it last followed the session."""
    typed: dict[str, str] = field(default_factory=dict)
    told: str = ""

    def open(self) -> None:
        page = coaching.open_form(self.desk.context, self.desk.caller(self.who), self.subject)
        if page.resumed is None:
            self.seen = {name: getattr(page.typed, name) for name in TEXTS}
            self.typed, self.told = {}, ""
        self._read(page)

    def write(self, name: str, value: str) -> None:
        caller = self.desk.caller(self.who)
        changes: dict[str, Any] = {name: value}
        told = TypedChanges(**changes)
        page = coaching.keep_typed(self.desk.context, caller, self.subject, told)
        self._read(page)
        self.typed[name] = value
        if value == getattr(coaching.find(self.desk.context, caller, self.subject), name):
            # Who types what the session is already agrees with it: the field follows it again.
            self.seen[name] = self.typed.pop(name)

    def attach(self, link: str) -> None:
        coaching.attach(
            self.desk.context, self.desk.caller(self.who), self.subject, "external_links", [link]
        )

    def save(self, before: Appointment) -> Appointment:
        """Save, again where others were in the way; hold the outcome to what was typed."""
        caller = self.desk.caller(self.who)
        try:
            made = coaching.save_form(self.desk.context, caller, self.subject)
        except Conflict as conflict:
            self._hear(conflict)
            assert coaching.find(self.desk.context, caller, self.subject) == before
            made = coaching.save_form(self.desk.context, caller, self.subject)
        for name in TEXTS:
            old, new = (getattr(each, name) or "" for each in (before, made))
            meant = self.typed.get(name, self.seen[name])
            assert new == (meant if meant != self.seen[name] else old)
            if new != old and old != self.seen[name]:
                assert f"“{old}”" in self.told
        self.open()
        assert self.typed == {}, "a form that was saved begins anew"
        return made

    def _hear(self, conflict: Conflict) -> None:
        assert_for_people(conflict.message)
        assert conflict.field in self.typed
        self.told += conflict.message

    def _read(self, page: FormPage) -> None:
        for said in page.changed_meanwhile:
            assert_for_people(said)
        self.told += " ".join(page.changed_meanwhile)


acts = st.tuples(
    st.sampled_from(["Dana", "Grace"]),
    st.one_of(
        st.just(("save",)),
        st.just(("open",)),
        st.just(("attach",)),
        st.tuples(st.just("write"), st.sampled_from(TEXTS), st.sampled_from(WORDS)),
    ),
)


@contextmanager
def session_of_an_example(desk: Workplace) -> Iterator[Appointment]:
    """Give each example the same session at the same time, and take both back however it ends."""
    began_at = desk.clock()
    made = desk.schedule(
        "Dana", "Priya", facilitator="Grace", name="Alpha", description="Beta", location="Gamma"
    )
    try:
        yield made
    finally:
        coaching.delete(desk.context, desk.caller("Dana"), made.id)
        desk.clock.moment = began_at


@settings(max_examples=60)
@given(st.lists(acts, max_size=14))
def test_no_edit_is_lost_without_a_word(
    desk: Workplace, script: list[tuple[str, tuple[str, ...]]]
) -> None:
    with session_of_an_example(desk) as made:
        follow(desk, made, script)


def follow(desk: Workplace, made: Appointment, script: list[tuple[str, tuple[str, ...]]]) -> None:
    """Do what the script says, and let both save in the end."""
    editors = {who: Editor(desk, who, made.id) for who in ("Dana", "Grace")}
    for each in editors.values():
        each.open()
    links = []
    now = made
    for number, (who, act) in enumerate([*script, ("Dana", ("save",)), ("Grace", ("save",))]):
        desk.clock.advance(timedelta(seconds=1))
        match act:
            case ("write", name, value):
                editors[who].write(name, value)
            case ("attach",):
                links.append(f"https://example.com/{number}")
                editors[who].attach(links[-1])
            case ("save",):
                now = editors[who].save(now)
            case _:
                editors[who].open()
    assert sorted(now.external_links) == sorted(links)


def test_the_second_is_told_what_the_first_changed(workplace: Workplace) -> None:
    made = workplace.schedule("Dana", "Priya", facilitator="Grace")
    dana, grace = Editor(workplace, "Dana", made.id), Editor(workplace, "Grace", made.id)
    context, caller = workplace.context, workplace.caller("Grace")
    for each in (dana, grace):
        each.open()
    dana.write("name", "Refunds")
    dana.write("location", "Room 4")
    dana.save(made)
    later = TypedChanges(starts_at=made.starts_at + timedelta(hours=1), length_minutes=60)
    coaching.keep_typed(context, workplace.caller("Dana"), made.id, later)
    coaching.attach(context, workplace.caller("Dana"), made.id, "document_ids", ["guide"])
    coaching.save_form(context, workplace.caller("Dana"), made.id)
    page = coaching.keep_typed(context, caller, made.id, TypedChanges(name="Returns"))
    assert page.changed_meanwhile == (
        "Dana changed the name from “Call review” to “Refunds”.",
        "Dana set the location to “Room 4”.",
        "Dana moved it from Wed 4 Mar at 9:00 am to Wed 4 Mar at 10:00 am.",
        "Dana changed the length from 30 minutes to 1 hour.",
        "Dana changed which documents are attached.",
    )
    assert (page.typed.name, page.typed.location) == ("Returns", "Room 4")
    assert page.typed.length_minutes == 60
    with pytest.raises(Conflict) as refused:
        coaching.save_form(context, caller, made.id)
    assert (refused.value.code, refused.value.field) == ("appointment.state.conflict", "name")
    assert refused.value.message == (
        "Dana changed the name from “Call review” to “Refunds”. Save again to keep what you typed."
    )
    saved = coaching.save_form(context, caller, made.id)
    assert (saved.name, saved.location, saved.document_ids) == ("Returns", "Room 4", ("guide",))
    assert saved.starts_at == made.starts_at + timedelta(hours=1)
    assert saved.status is Status.SCHEDULED


def test_a_removed_thing_stays_removed_and_an_added_one_stays(desk: Workplace) -> None:
    made = desk.schedule("Dana", "Priya", facilitator="Grace", document_ids=["a", "b"])
    context, dana, grace = desk.context, desk.caller("Dana"), desk.caller("Grace")
    for caller in (dana, grace):
        coaching.open_form(context, caller, made.id)
    coaching.detach(context, dana, made.id, "document_ids", "a")
    coaching.attach(context, grace, made.id, "document_ids", ["c"])
    coaching.save_form(context, dana, made.id)
    assert coaching.save_form(context, grace, made.id).document_ids == ("b", "c")
