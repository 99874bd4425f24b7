"""Whatever somebody makes up, they change nothing that is not theirs and learn nothing of it.

Each listener meets each value in every run; which of the senders brings it is drawn by a seed.
`make forged` lets each of them bring each.
"""

import asyncio
import json
import os
import random
from collections.abc import Iterable, Iterator
from datetime import timedelta
from logging import ERROR
from typing import Any, Final

import pytest
from sqlalchemy import select

from bot import coaching
from bot.sandbox import Actor
from bot.sandbox.cast import Person
from storage.base import Base
from tests.slack import presses
from tests.slack.forging import VALUES, Forge, listeners
from tests.slack.office import DANA, JONAS, PAT, PRIYA, SOON, Office

MEI, LUCIA, SAM, VERA = "U0MEI", "U0LUCIA", "U0SAM", "U0VERA"
SENDERS: Final = (MEI, JONAS, LUCIA, SAM, VERA, PAT)
"""No participant, one of another session, one who left, a guest, and two of other companies."""
SEED: Final = 11
BOOKKEEPING: Final = frozenset({"acts", "syncs", "paces", "timelines", "claimed_addresses"})
OF_ACCOUNTS: Final = frozenset({"people", "account_names", "further_accounts"})
"""What Slack tells of accounts, by events and for whoever acts for the first time."""
ODD_TIME: Final = timedelta(hours=31, minutes=17)
NAME, PLACE = "Zephyrine review", "Vault 9417"
PUBLIC_NOTE, PRIVATE_NOTE = "Heliotrope words", "Obsidian words"
WHOLE: Final = os.environ.get("FORGED") == "all"


@pytest.fixture
async def senders(office: Office) -> list[Actor]:
    office.sandbox.add_person(Person(VERA, "vera", "Vera Lund", team_id="T0OTHER", is_admin=True))
    made = [office.person(each) for each in SENDERS]
    for each in made:
        await each.command("/coach help")
        assert each.messages, "an answer, on which a button may stand"
    return made


@pytest.fixture
async def forge(office: Office, senders: list[Actor]) -> Forge:
    """A session of Dana with Priya, with notes; Jonas has another, and one sender leaves."""
    assert senders, "they are taken while they can act"
    await office.book(NAME, ODD_TIME)
    [card] = office.cards()
    where = card.appointment_id
    caller = office.caller(DANA)
    changes = coaching.AppointmentChanges(location=PLACE)
    coaching.change(office.context, caller, where, changes)
    for text, kind in (
        (PUBLIC_NOTE, coaching.AccessType.PUBLIC),
        (PRIVATE_NOTE, coaching.AccessType.PRIVATE),
    ):
        coaching.add_annotation(office.context, caller, where, text=text, access_type=kind)
    await office.settle()
    facts = presses.gather(office)
    await office.book("Jonas alone", timedelta(hours=50), attendee=JONAS)
    await office.settle()
    office.sandbox.change_person(LUCIA, deleted=True)
    office.sandbox.change_person(SAM, is_guest=True)
    await office.settle()
    said = await office.person(PRIYA).say("Hello", conversation="C0GENERAL")
    moment = str(int(card.starts_at.timestamp()))
    harmless = dict.fromkeys((NAME, PLACE, PUBLIC_NOTE, PRIVATE_NOTE), "x")
    made = Forge(facts, said, harmless | {moment: "1796123280"})
    made.lay_out()
    return made


def rows(office: Office, senders: Iterable[str]) -> dict[str, list[str]]:
    """What is stored, but for bookkeeping and what is the senders' own."""
    with office.store.read() as tx:
        found = (tx.people.by_slack(each) for each in senders)
        own = {each.id for each in found if each}
        return {
            table.name: sorted(_foreign(tx.session.execute(select(table)).mappings(), own))
            for table in Base.metadata.sorted_tables
            if table.name not in BOOKKEEPING | OF_ACCOUNTS
        }


def _foreign(found: Iterable[Any], own: set[str]) -> Iterator[str]:
    for row in found:
        if own.isdisjoint(row.get(name) for name in ("person_id", "actor_id", "entity_id")):
            yield repr(dict(row))


def seen(actor: Actor) -> str:
    """Everything that somebody has before them."""
    views = [each.payload for each in (*actor.modals, *filter(None, [actor.home]))]
    return json.dumps([views, [(each.words, each.blocks) for each in actor.messages]])


def test_each_kind_of_listener_can_be_forged(office: Office) -> None:
    assert {kind for kind, _ in listeners(office)} == {
        *("action", "view", "closed", "options", "shortcut", "event", "command")
    }


async def test_who_may_know_is_told_by_the_same_request(office: Office, forge: Forge) -> None:
    dana, target = office.person(DANA), VALUES["another session"](forge.facts)
    await office.sandbox.dispatcher.ask(forge.request("action", "open_session", dana, target))
    await office.settle()
    assert {NAME, PLACE} <= {each for each in forge.secrets if each in seen(dana)}


async def test_a_change_by_who_may_is_noticed(office: Office, forge: Forge) -> None:
    dana, target = office.person(DANA), VALUES["another session"](forge.facts)
    before = rows(office, SENDERS)
    await office.sandbox.dispatcher.ask(forge.request("action", "complete", dana, target))
    await office.settle()
    assert rows(office, SENDERS) != before


@pytest.mark.timeout(3600 if WHOLE else 240)
async def test_what_is_made_up_changes_and_tells_nothing(
    office: Office, forge: Forge, senders: list[Actor], caplog: pytest.LogCaptureFixture
) -> None:
    draw, faults = random.Random(SEED), list[object]()
    before = rows(office, SENDERS)
    for kind, name in listeners(office):
        drawn = {label: senders if WHOLE else [draw.choice(senders)] for label in VALUES}
        labels = [[label for label in VALUES if who in drawn[label]] for who in senders]
        turns = zip(senders, labels, strict=True)
        sending = [_send(office, forge, who, (kind, name), some) for who, some in turns]
        for found in await asyncio.gather(*sending):
            faults += found
        faults += [
            (kind, name, each.getMessage()) for each in caplog.records if each.levelno >= ERROR
        ]
        caplog.clear()
        after = rows(office, SENDERS)
        faults += [(kind, name, table) for table in after if after[table] != before[table]]
        before = after
    assert not faults, "\n".join(map(repr, faults))


async def _send(
    office: Office, forge: Forge, who: Actor, listener: tuple[str, str], labels: Iterable[str]
) -> list[object]:
    """Send one sender's values, one after the other; answers what was told to them by that."""
    faults: list[object] = []
    for label in labels:
        request = forge.request(*listener, who, VALUES[label](forge.facts))
        told = json.dumps(await office.sandbox.dispatcher.ask(request), default=str)
        await office.front.shell.running.drain(SOON)
        faults += _leaks(forge, told + seen(who), (*listener, label, who.id))
        _close_all(office, who)
    return faults


def _leaks(forge: Forge, told: str, where: tuple[str, ...]) -> list[object]:
    """What somebody was told that they must not know."""
    return [(*where, each) for each in forge.secrets if each in told]


def _close_all(office: Office, who: Actor) -> None:
    views = office.sandbox.world.views
    for each in who.modals[:1]:
        views.close(each, everything=True)
