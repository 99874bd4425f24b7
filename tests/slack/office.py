"""A contact centre at work: the pretend Slack, the front end connected to it, a real store."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot import coaching
from bot.delivery.pacing import Pace
from bot.delivery.refreshing import Refresher
from bot.delivery.sender import Sender
from bot.delivery.settings import Settings
from bot.hop import Hop
from bot.sandbox import Actor, Message, Sandbox
from bot.sandbox.views import View
from bot.slack.blocks.cards import OPEN
from bot.slack.front import Front, SlackSettings, build_front
from bot.slack.transport.patience import PATIENCE
from bot.slack.transport.times import Times
from storage.transaction import Store

DANA, PRIYA, JONAS, ALEX = "U0DANA", "U0PRIYA", "U0JONAS", "U0ALEX"
STANDUP, RAVI, PAT = "U0STANDUP", "U0RAVI", "U0PAT"
SIGNING_SECRET = "0123456789abcdef0123456789abcdef"
SOON = timedelta(seconds=5)


@dataclass
class Office:
    """Everything that a test of the front end looks at."""

    sandbox: Sandbox
    front: Front
    context: coaching.Context
    sender: Sender
    refresher: Refresher
    store: Store

    def person(self, user_id: str) -> Actor:
        return self.sandbox.person(user_id)

    async def settle(self) -> None:
        """Let everything that was begun be finished, and every message that is due be sent."""
        await self.sandbox.dispatcher.settle()
        await self.front.shell.running.drain(SOON)
        await self.sender.deliver_due()
        await self.refresher.refresh_all()
        await self.front.shell.running.drain(SOON)

    def now(self) -> datetime:
        return self.sandbox.clock.now()

    def grant(self, user_id: str, *roles: str) -> None:
        """Give somebody these roles in the home division, and no others."""
        with self.store.begin() as tx:
            person = tx.people.by_slack(user_id)
            assert person
            tx.people.replace_grants(person.id, {(role, person.division_id) for role in roles})

    async def schedule(
        self,
        by: str = DANA,
        *,
        starts_at: datetime | None = None,
        length_minutes: int = 30,
        link: str | None = None,
        **values: object,
    ) -> None:
        """Schedule a session through the form, and let everybody hear of it."""
        form = await self.open_form(by, starts_at=starts_at, length_minutes=length_minutes)
        if link is not None:
            await self.press(by, form, "session_tab_attachments")
            self.person(by).fill(form, {"external_links-0": link})
            await self.press(by, form, "session_tab_details")
        await self.person(by).submit(form, self.entries(**values))
        await self.settle()
        # Where saving took long, a page that says so is left over.
        for left in self.person(by).modals:
            await self.person(by).close(left)

    async def open_form(
        self, by: str = DANA, *, starts_at: datetime | None = None, length_minutes: int = 30
    ) -> View:
        """Open the form, pick a time in half a day, and turn to what is left to fill in."""
        actor = self.person(by)
        await actor.command("/coach schedule")
        form = await actor.until(form_of)
        await self.press(by, form, "session_tab_schedule")
        actor.fill(form, {"length_minutes-0": str(length_minutes)})
        await self.press(by, form, "session_time", starts_at or self.now() + timedelta(hours=12))
        await self.press(by, form, "session_tab_details")
        return form

    async def press(self, by: str, where: View, action_id: str, value: object = None) -> None:
        """Press a button, or pick a value, and let what follows be finished."""
        await self.person(by).click(where, action_id, value)
        await self.front.shell.running.drain(SOON)

    async def book(self, name: str, after: timedelta, *, attendee: str = PRIYA) -> None:
        """Let Dana schedule a session without the form; nobody has heard of it yet."""
        people = coaching.people_by_slack(self.context, [attendee, DANA])
        request = coaching.NewAppointment(
            name=name,
            description="Two calls from last week",
            starts_at=self.now() + after,
            length_minutes=30,
            attendee_ids=[people[attendee]],
            facilitator_id=people[DANA],
        )
        coaching.schedule(self.context, self.caller(DANA), request)

    def entries(self, **values: object) -> Mapping[str, object]:
        """What somebody types on the first tab who schedules a session with Priya."""
        usual: dict[str, object] = {
            "attendee_ids": [PRIYA],
            "name": "Call review",
            "description": "Two calls from last week",
        }
        return {f"{name}-0": value for name, value in (usual | values).items()}

    def caller(self, user_id: str) -> coaching.Caller:
        caller = coaching.caller_for_slack(self.context, user_id)
        assert caller
        return caller

    def cards(self, user_id: str = ALEX) -> list[coaching.Card]:
        """All the sessions that somebody may see; Alex may see every one."""
        query = coaching.AppointmentQuery(page_size=100)
        return list(coaching.list_cards(self.context, self.caller(user_id), query).entities)


def form_of(actor: Actor) -> View | None:
    """The form on top, once it can be filled in."""
    return actor.modal if actor.modal and actor.modal.payload.get("submit") else None


def offered(shown: Message | View) -> list[str]:
    """The buttons that stand on something, besides the one that opens the session."""
    return [
        element["action_id"]
        for block in shown.blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["action_id"] != OPEN
    ]


def settings_for(
    sandbox: Sandbox, *, patience: float = PATIENCE, times: Times | None = None
) -> SlackSettings:
    return SlackSettings(
        bot_token=sandbox.bot_token,
        app_token=sandbox.app_token,
        signing_secret=SIGNING_SECRET,
        api_url=sandbox.api_url,
        patience_seconds=patience,
        times=times or Times(),
    )


@asynccontextmanager
async def opened(
    store: Store,
    sandbox: Sandbox,
    hop: Hop,
    *,
    patience: float = PATIENCE,
    times: Times | None = None,
    timeout_seconds: int = 10,
) -> AsyncIterator[Office]:
    """Open the office: people are known, Dana is a supervisor, the bot is connected."""
    context = coaching.Context(store=store, clock=sandbox.clock.now)
    await hop(coaching.prepare, context)
    to_slack = settings_for(sandbox, patience=patience, times=times)
    front = build_front(context, hop, replace(to_slack, timeout_seconds=timeout_seconds))
    unhurried = Pace(per_channel=timedelta(), per_workspace=timedelta())
    ways = Settings(pace=unhurried, updates=unhurried)
    sender = Sender(
        context,
        front.messenger,
        announce=lambda ids: coaching.announce(context, ids),
        hop=hop,
        settings=ways,
    )
    refresher = Refresher(
        context,
        front.messenger,
        shown_anew=lambda ids: coaching.shown_anew(context, ids),
        hop=hop,
        settings=ways,
    )
    office = Office(sandbox, front, context, sender, refresher, store)
    await front.people.introduce_all()
    office.grant(DANA, "Supervisor")
    async with connected(front, sandbox):
        yield office
    await asyncio.wait_for(hop.drain(), 5)


@asynccontextmanager
async def connected(front: Front, sandbox: Sandbox) -> AsyncIterator[None]:
    """Connect a front end to the sandbox by its socket."""
    await front.connection.start()
    try:
        await asyncio.wait_for(front.connection.wait_connected(), 10)
        yield
    finally:
        await front.connection.stop()
