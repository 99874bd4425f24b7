"""A supervisor's day in Slack inside the process, against a bare Bolt application.

Each figure runs from the signature to the moment in which the last call has come to Slack. The
bare application makes the same calls with ready-made words, and does nothing else.
"""

import asyncio
import itertools
import tempfile
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot import coaching
from bot.hop import Hop
from bot.slack.blocks.cards import OPEN
from bot.slack.blocks.targets import Listing, Target, pack
from bot.slack.front import Front, SlackSettings, build_front
from bot.slack.home.team import Looking
from bot.slack.lists import listing
from bot.slack.session.form import TAB
from storage.transaction import Store
from tests.bench.measure import Figures, at_once, compare
from tests.bench.slack_setup import (
    PATIENCE,
    SECRET,
    TOKEN,
    Answer,
    Call,
    QuietSlack,
    anew,
    bare_app,
    look,
    open_centre,
    press,
    send,
)
from tests.coaching.workplace import Workplace
from tests.queries import counting

SESSIONS, FEW_SESSIONS, CALLERS = 1_000, 100, 8
ALONE, TOGETHER, ROUND = 200, 400, 4
SOON: Final = timedelta(seconds=10)
PERIODS: Final = (coaching.TeamPeriod.THIS_WEEK, coaching.TeamPeriod.NEXT_WEEK)
STATE: Final = {
    "initial_value": "value",
    "initial_users": "selected_users",
    "initial_user": "selected_user",
    "initial_option": "selected_option",
    "initial_date_time": "selected_date_time",
}
"""What a field starts with, and how Slack names it when it sends it back."""


@dataclass
class Lead:
    """A supervisor, a session of theirs that is ahead, and the form that they look at."""

    user_id: str
    session_id: str
    address: str
    numbers: Iterator[int] = field(default_factory=itertools.count)
    form: dict[str, Any] = field(default_factory=dict)

    def open_form(self) -> tuple[str, str]:
        """Press the button that opens the form of the session."""
        trigger = anew(self.user_id)
        action = {"action_id": OPEN, "value": pack(Target(self.session_id))}
        return f"V{trigger}", press(self.user_id, action, trigger_id=trigger)

    def turn_tab(self) -> tuple[str, str]:
        """Turn to the next tab of the form."""
        tab = list(coaching.FormTab)[(next(self.numbers) + 1) % len(coaching.FormTab)]
        view = {**self.form, "id": f"VF{self.user_id}", "hash": "1", "state": _state(self.form)}
        action = {"action_id": f"{TAB}_{tab}", "value": tab.value}
        return view["id"], press(self.user_id, action, view=view)

    def turn_page(self) -> tuple[str, str]:
        """Turn to another page of a list."""
        number = next(self.numbers)
        key = f"response/{self.user_id}/{number}"
        value = pack(Listing(word="all", page=2 + number % 20))
        seen = {"type": "message", "is_ephemeral": True}
        address = self.address + key
        action = {"action_id": listing.NEXT, "value": value}
        return key, press(self.user_id, action, container=seen, response_url=address)

    def look_home(self) -> tuple[str, str]:
        """Open the Home tab, of which Slack knows another page that nobody remembers."""
        number = next(self.numbers)
        looking = Looking(period=PERIODS[number % len(PERIODS)])
        view = {"id": "VH", "type": "home", "hash": str(number), "private_metadata": pack(looking)}
        return self.user_id, look(self.user_id, view)


INTERACTIONS: Final[Sequence[tuple[str, Callable[[Lead], tuple[str, str]]]]] = (
    ("Opening the edit form", Lead.open_form),
    ("Turning a tab", Lead.turn_tab),
    ("Listing a page", Lead.turn_page),
    ("Publishing Home", Lead.look_home),
)


@dataclass
class Bench:
    """The front end of a centre, and who works with it."""

    slack: QuietSlack
    front: Front
    store: Store
    leads: deque[Lead]

    async def do(self, app: AsyncApp, act: Callable[[Lead], tuple[str, str]]) -> None:
        """Let whoever is free do something, and wait until Slack has been told all of it."""
        lead = self.leads.popleft()
        key, body = act(lead)
        shown = self.slack.expect(key)
        await send(app, body)
        call = await asyncio.wait_for(shown, PATIENCE)
        if act is Lead.turn_tab and app is self.front.app:
            lead.form = call.body["view"]
        self.leads.append(lead)

    async def settle(self) -> None:
        """Let everything be finished that was begun."""
        await self.front.shell.running.drain(SOON)


def run() -> None:
    """Measure and print."""
    asyncio.run(_measure())


async def _measure() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with opened(Path(folder), teams=1, sessions=FEW_SESSIONS) as few:
            fewer = {name: (await _asked(few, act))[0] for name, act in INTERACTIONS}
        async with opened(Path(folder), teams=CALLERS, sessions=SESSIONS) as bench:
            for name, act in INTERACTIONS:
                await _compare(bench, name, act, fewer[name])


@asynccontextmanager
async def opened(folder: Path, *, teams: int, sessions: int) -> AsyncIterator[Bench]:
    """Open a centre whose supervisors have their forms before them."""
    hop = Hop(threads=8)
    workplace = open_centre(folder, teams=teams, sessions=sessions)
    async with QuietSlack() as slack:
        settings = SlackSettings(bot_token=TOKEN, signing_secret=SECRET, api_url=slack.address)
        front = build_front(workplace.context, hop, settings)
        leads = deque(_lead(workplace, f"Lead{each}", slack.address) for each in range(teams))
        bench = Bench(slack, front, workplace.store, leads)
        for lead in leads:
            key, body = lead.open_form()
            shown = slack.expect(key)
            await send(front.app, body)
            lead.form = (await asyncio.wait_for(shown, PATIENCE)).body["view"]
        yield bench
        await bench.settle()
        await front.shell.running.halt()
    await hop.drain()
    hop.close()
    workplace.store.close()


def _lead(workplace: Workplace, name: str, address: str) -> Lead:
    caller = workplace.caller(name)
    wanted = coaching.AppointmentQuery(
        interval=coaching.Interval(
            starts_at=workplace.clock() + timedelta(days=2),
            ends_at=workplace.clock() + timedelta(days=30),
        ),
        statuses=(coaching.Status.SCHEDULED,),
    )
    [card, *_] = coaching.list_cards(workplace.context, caller, wanted).entities
    return Lead(f"U{name.upper()}", card.appointment_id, address)


def _state(form: Mapping[str, Any]) -> dict[str, Any]:
    """Give what the fields of a form hold in which nobody typed."""
    inputs = [(each["block_id"], each["element"]) for each in form["blocks"] if "element" in each]
    return {
        "values": {
            block_id: {
                element["action_id"]: {
                    held: element[initial] for initial, held in STATE.items() if initial in element
                }
            }
            for block_id, element in inputs
        }
    }


async def _asked(
    bench: Bench, act: Callable[[Lead], tuple[str, str]]
) -> tuple[list[int], list[list[Call]]]:
    """Do something a few times; answers how many queries and which calls it took each time."""
    queries, calls = [], []
    for _ in range(ROUND):
        bench.slack.keeps, bench.slack.calls = True, []
        with counting(bench.store) as count:
            await bench.do(bench.front.app, act)
            await bench.settle()
        queries.append(len(count))
        calls.append(bench.slack.calls)
        bench.leads.rotate()
    bench.slack.keeps = False
    return queries, calls


async def _compare(
    bench: Bench, name: str, act: Callable[[Lead], tuple[str, str]], fewer: list[int]
) -> None:
    ours = bench.front.app
    queries, calls = await _asked(bench, act)
    bare = bare_app(bench.slack, _replaying(calls))
    quiet = await _at_once(bench, bare, act, callers=CALLERS)
    together = await _at_once(bench, ours, act, callers=CALLERS)
    alone = await _at_once(bench, ours, act, callers=1)
    compare(
        f"{name}, a supervisor with {SESSIONS:,} sessions, {CALLERS} callers, in the process",
        ("signature to what Slack is told", together),
        (f"bare Bolt with the same {len(calls[0])} calls", quiet),
    )
    print(f"  one caller at a time               {alone}")
    print(f"  queries: {_said(queries)} (with {FEW_SESSIONS:,} sessions: {_said(fewer)})")


async def _at_once(
    bench: Bench, app: AsyncApp, act: Callable[[Lead], tuple[str, str]], *, callers: int
) -> Figures:
    times = TOGETHER if callers > 1 else ALONE
    found = await at_once(lambda: bench.do(app, act), callers=callers, times=times)
    await bench.settle()
    return found


def _said(queries: list[int]) -> str:
    return ", ".join(str(each) for each in dict.fromkeys(queries))


def _replaying(recorded: list[list[Call]]) -> Answer:
    """Make the calls that were recorded, about whatever is asked for now."""
    rounds = itertools.cycle(recorded)

    async def answer(client: AsyncWebClient, body: Mapping[str, Any]) -> None:
        for call in next(rounds):
            await _again(client, call, body)

    return answer


def _again(client: AsyncWebClient, call: Call, body: Mapping[str, Any]) -> Awaitable[Any]:
    if call.method.startswith("response"):
        return AsyncWebhookClient(body["response_url"]).send_dict(call.body)
    now = {
        "trigger_id": body.get("trigger_id"),
        "view_id": body.get("view", {}).get("id") or f"V{body.get('trigger_id')}",
        "user_id": body.get("event", {}).get("user"),
    }
    told = call.body | {key: value for key, value in now.items() if key in call.body}
    return client.api_call(call.method, json=told)
