"""The judge of chaos is not blind: each broken promise is seen, and a kept one is not called so."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.chaos.arrivals import Arrival
from tests.chaos.clock import ChaosClock
from tests.chaos.history import Choice, Fact, History, Session, What
from tests.chaos.judging import judge
from tests.chaos.verdict import Terms, Verdict

CLOCK = ChaosClock(0.0, 1.0)
TERMS = Terms(skew=1.0, in_hand=5.0, cut=10_000.0)
START = CLOCK.moment(600)
LEAD = timedelta(minutes=2)


def fact(
    what: What, second: float, *, by: str = "boss", version: int = 1, start: int = 600
) -> Fact:
    moment = CLOCK.moment(start)
    return Fact(
        what=what,
        by=by,
        began=second,
        done=second + 0.1,
        version=version,
        starts_at=moment,
        minutes=1,
    )


def came(
    kind: str, second: float, *, to: str = "agent", version: int = 1, occurrence: str = ""
) -> Arrival:
    return Arrival(
        second=second,
        account=to,
        delivery=f"{second} {to}",
        number=1,
        version=version,
        words=kind,
        kind=kind,
        occurrence=occurrence,
    )


def judged(facts: list[Fact], arrivals: list[Arrival], *choices: Choice) -> Verdict:
    session = Session(1, "id", "boss", None, ("agent",), facts=facts)
    history = History(frozenset({LEAD}), timedelta(minutes=1), {1: session})
    history.choices["agent"] = list(choices)
    return judge(history, arrivals, TERMS, CLOCK)


CREATED = fact("create", 1)
KEPT = [
    came("Create", 1.5),
    came("Reminder", 480.1, occurrence="2m"),
    came("Overdue", 720.1, to="boss", occurrence="1"),
]


def test_what_was_kept_is_called_kept() -> None:
    verdict = judged([CREATED], KEPT)
    assert verdict.is_clean, verdict
    assert {kind: len(late) for kind, late in verdict.lateness.items()} == {
        "Create": 1,
        "Reminder": 1,
        "Overdue": 1,
    }


@pytest.mark.parametrize("missing", range(len(KEPT)))
def test_what_did_not_come_is_lost(missing: int) -> None:
    verdict = judged([CREATED], KEPT[:missing] + KEPT[missing + 1 :])
    assert (len(verdict.lost), verdict.doubled, verdict.stale) == (1, [], [])


@pytest.mark.parametrize("again", KEPT)
def test_what_came_again_is_doubled(again: Arrival) -> None:
    once_more = replace(again, second=again.second + 1)
    assert judged([CREATED], [*KEPT, once_more]).doubled
    other = replace(once_more, delivery="another")
    assert judged([CREATED], [*KEPT, other]).doubled


@pytest.mark.parametrize("what", ["delete", "complete"])
def test_what_comes_after_the_end_is_stale(what: What) -> None:
    told = came("Delete" if what == "delete" else "StatusChange", 470.5)
    facts = [CREATED, fact(what, 470)]
    assert judged(facts, [KEPT[0], told]).is_clean
    for late in KEPT[1:]:
        assert judged(facts, [KEPT[0], told, late]).stale
    assert judged(facts, [KEPT[0]]).lost


def test_a_message_that_was_on_its_way_is_not_stale_and_a_later_one_is() -> None:
    facts = [CREATED, fact("update", 20, version=2)]
    update = came("Update", 21, version=2)
    assert judged(facts, [came("Create", 22), update, *KEPT2]).in_hand == 1
    assert judged(facts, [came("Create", 26), update, *KEPT2]).stale


KEPT2 = [replace(each, version=2) for each in KEPT[1:]]


def test_the_reminder_of_an_older_time_is_stale_and_that_of_the_new_one_is_owed() -> None:
    facts = [CREATED, fact("update", 20, version=2, start=900)]
    told = [came("Create", 1.5), came("Update", 21, version=2)]
    later = [
        came("Reminder", 780.1, version=2, occurrence="2m"),
        came("Overdue", 1020.1, to="boss", version=2, occurrence="1"),
    ]
    assert judged(facts, [*told, *later]).is_clean
    assert judged(facts, told).lost
    assert judged(facts, [*told, *later, KEPT[1]]).stale
    assert judged(facts, [*told, *later, replace(KEPT[1], version=2)]).stale


def test_a_reminder_comes_neither_early_nor_unwanted() -> None:
    early = replace(KEPT[1], second=470.0)
    assert judged([CREATED], [KEPT[0], early, KEPT[2]]).stale
    nothing = Choice(100.0, 100.1, frozenset(), frozenset())
    assert judged([CREATED], KEPT, nothing).stale
    assert judged([CREATED], [KEPT[0], KEPT[2]], nothing).is_clean


def test_what_is_nobody_s_business_is_stale() -> None:
    assert judged([CREATED], [*KEPT, came("Create", 2, to="stranger")]).stale
    assert judged([CREATED], [*KEPT, replace(KEPT[0], kind="", delivery="1")]).stale


def test_notes_and_statuses_are_counted() -> None:
    facts = [CREATED, fact("note", 5), fact("note", 6), fact("start", 7)]
    told = [KEPT[0], came("AnnotationAdded", 5.5), came("AnnotationAdded", 6.5)]
    started = came("StatusChange", 7.5)
    assert judged(facts, [*told, started, KEPT[2]]).is_clean
    assert judged(facts, [*told[:2], started, KEPT[2]]).lost
    assert judged(facts, [*told, KEPT[2]]).lost
    assert judged(facts, [*told, came("AnnotationAdded", 7), started, KEPT[2]]).doubled
