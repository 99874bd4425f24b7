"""What all features share: who is asking, the one hop to a use case, how acts are answered."""

import re
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar

from msgspec import Struct
from slack_bolt.async_app import AsyncApp

from bot import coaching
from bot.correlation import correlated
from bot.hop import Hop
from bot.logger import get_logger
from bot.slack.transport.patience import answer_within
from bot.slack.transport.reading import NotUnderstood, read
from bot.slack.transport.running import Running
from bot.slack.turns.errors import Outdated, Refusal, refusal_of
from bot.slack.turns.lines import Lines
from bot.slack.turns.once import UNHURRIED, Once
from bot.slack.turns.payloads import Click, Command, SeenView, Shortcut, Submission, Suggestion
from bot.slack.turns.people import People
from bot.slack.turns.suggesting import SuggestionTurn
from bot.slack.turns.turn import (
    Acknowledge,
    ClickTurn,
    CommandTurn,
    ShortcutTurn,
    SubmissionTurn,
    Turn,
)

log = get_logger(__name__)

T = TypeVar("T")
AnyTurn = TypeVar("AnyTurn", bound=Turn)
Payload = TypeVar("Payload", bound=Struct)

COMMAND: Final = "/coach"
ANYTHING: Final = re.compile("")
INTRODUCTIONS: Final = 2
"""How often Slack is asked about people of whom nobody has heard: the one who acts, then others."""

UseCase = Callable[[coaching.Context, coaching.Caller], T]
OnCommand = Callable[["Shell", CommandTurn], Awaitable[None]]
OnClick = Callable[["Shell", ClickTurn], Awaitable[None]]
OnShortcut = Callable[["Shell", ShortcutTurn], Awaitable[None]]
OnSuggestion = Callable[["Shell", SuggestionTurn], Awaitable[None]]
OnSubmission = Callable[["Shell", SubmissionTurn], Awaitable[None]]
OnEvent = Callable[["Shell", dict[str, Any]], Awaitable[None]]


class UnknownAccounts(Exception):
    """Accounts of which the coaching has never heard; Slack is to be asked about them."""

    def __init__(self, user_ids: Sequence[str]) -> None:
        super().__init__(f"{len(user_ids)} unknown accounts")
        self.user_ids = tuple(user_ids)


@dataclass(frozen=True, slots=True)
class Registration:
    """Something that Slack may tell of and that somebody listens to."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Act:
    """Something that must not be done twice: Slack's own word for it, and the way to take it."""

    key: str
    ack: Acknowledge


class Shell:
    """What a feature registers with, and what its listeners are given."""

    def __init__(
        self,
        app: AsyncApp,
        *,
        context: coaching.Context,
        hop: Hop,
        people: People,
        lines: Lines,
        patience: float,
    ) -> None:
        self.context = context
        self.people = people
        self.running = Running()
        self.lines = lines
        self.subcommands: dict[str, OnCommand] = {}
        self.registrations: list[Registration] = []
        self._app = app
        self._hop = hop
        self._once = Once(context, hop)
        self._patience = patience
        self._onlookers: list[Callable[[str], None]] = []
        self._lookouts: list[Callable[[str, SeenView], None]] = []

    async def ask(self, user_id: str, use_case: UseCase[T]) -> T:
        """Run a use case for somebody, in one hop; who is not known is introduced first.

        Raises Denied where no introduction makes an account known.
        """
        for _ in range(INTRODUCTIONS):
            try:
                return await self._hop(_in_person, self.context, user_id, use_case)
            except UnknownAccounts as unknown:
                await self.people.introduce(unknown.user_ids)
        try:
            return await self._hop(_in_person, self.context, user_id, use_case)
        except UnknownAccounts as unknown:
            raise coaching.Denied(coaching.NOBODY) from unknown

    async def inquire(self, question: Callable[[coaching.Context], T]) -> T:
        """Ask the coaching something that nobody in particular wants to know, in one hop."""
        return await self._hop(question, self.context)

    async def decide(self, turn: Turn, use_case: UseCase[T]) -> T:
        """Run a use case for whoever's turn it is; when it takes long, say so meanwhile."""
        patience = max(self._patience - turn.waited, 0)
        return await answer_within(patience, self.ask(turn.user_id, use_case), turn.hold)

    def changed_for(self, user_id: str) -> None:
        """Tell whoever shows something to this person that there is something new to show."""
        for onlooker in self._onlookers:
            onlooker(user_id)

    def on_change(self, onlooker: Callable[[str], None]) -> None:
        """Be told when there is something new to show to somebody."""
        self._onlookers.append(onlooker)

    def on_look(self, lookout: Callable[[str, SeenView], None]) -> None:
        """Be told when somebody does something on their Home tab, and what it showed."""
        self._lookouts.append(lookout)

    def on_subcommand(self, name: str, listener: OnCommand) -> None:
        """Answer `/coach <name>`."""
        self.subcommands[name] = listener

    def on_command(self, listener: OnCommand) -> None:
        """Answer the one command."""

        async def typed(ack: Acknowledge, body: dict[str, Any]) -> None:
            if command := await _understood(body, Command, ack):
                await self._serve(CommandTurn(command, ack, self.lines), listener)

        self._note("command", COMMAND)
        self._app.command(COMMAND)(typed)

    def on_click(self, action_id: str, listener: OnClick) -> None:
        """Answer a button or menu; what it does may be asked for twice, so it leaves no row."""

        async def pressed(ack: Acknowledge, body: dict[str, Any]) -> None:
            if click := await _understood(body, Click, ack):
                self._look(click)
                await self._serve(ClickTurn(click, ack, self.lines), listener)

        self._note("action", action_id)
        self._app.action(action_id)(pressed)

    def refuse_the_rest(self) -> None:
        """Say of every other button that it is not in use any more; call it last."""

        async def pressed(ack: Acknowledge, body: dict[str, Any]) -> None:
            if click := await _understood(body, Click, ack):
                await self._serve(ClickTurn(click, ack, self.lines), _outdated)

        self._app.action(ANYTHING)(pressed)

    def on_submission(self, callback_id: str, listener: OnSubmission) -> None:
        """Answer a form that is sent."""

        async def sent(ack: Acknowledge, body: dict[str, Any]) -> None:
            if submission := await _understood(body, Submission, ack):
                turn = SubmissionTurn(submission, ack, self.lines)
                await self._serve(turn, listener, act=Act(submission.trigger_id, ack))

        self._note("view", callback_id)
        self._app.view(callback_id)(sent)

    def on_shortcut(self, callback_id: str, listener: OnShortcut) -> None:
        """Answer a shortcut, on a message or anywhere."""

        async def used(ack: Acknowledge, body: dict[str, Any]) -> None:
            if shortcut := await _understood(body, Shortcut, ack):
                await self._serve(ShortcutTurn(shortcut, ack, self.lines), listener)

        self._note("shortcut", callback_id)
        self._app.shortcut(callback_id)(used)

    def on_suggestion(self, action_id: str, listener: OnSuggestion) -> None:
        """Look up the options of a menu while somebody types in it."""

        async def typing(ack: Acknowledge, body: dict[str, Any]) -> None:
            if suggestion := await _understood(body, Suggestion, ack):
                await self._serve(SuggestionTurn(suggestion, ack), listener)

        self._note("options", action_id)
        self._app.options(action_id)(typing)

    def on_event(self, name: str, listener: OnEvent) -> None:
        """Follow something that happens in the workspace."""

        async def happened(event: dict[str, Any], body: dict[str, Any]) -> None:
            with self.running.counted(), correlated():
                known = body.get("event_id")
                key = f"{name} {known}" if isinstance(known, str) and known else ""
                work = partial(listener, self, event)
                try:
                    await self._once.do(key, work, otherwise=_nothing, waiting=UNHURRIED)
                except NotUnderstood as error:
                    log.warning("NotUnderstood", kind=name, at=str(error))

        self._note("event", name)
        self._app.event(name)(happened)

    async def _serve(
        self,
        turn: AnyTurn,
        listener: Callable[["Shell", AnyTurn], Awaitable[None]],
        *,
        act: Act | None = None,
    ) -> None:
        with self.running.counted(), correlated(), _told_in_the_log(turn):
            try:
                if act is None:
                    await listener(self, turn)
                else:
                    work = partial(self._begin, turn, listener, began=time.monotonic())
                    await self._once.do(act.key, work, otherwise=act.ack)
            except Exception as error:
                await _refuse(turn, refusal_of(error))

    async def _begin(
        self,
        turn: AnyTurn,
        listener: Callable[["Shell", AnyTurn], Awaitable[None]],
        *,
        began: float,
    ) -> None:
        turn.waited = time.monotonic() - began
        await listener(self, turn)

    def _look(self, click: Click) -> None:
        if click.view is not None and click.view.type == "home":
            for lookout in self._lookouts:
                lookout(click.user.id, click.view)

    def _note(self, kind: str, name: str) -> None:
        self.registrations.append(Registration(kind, name))


async def _understood(
    body: dict[str, Any], kind: type[Payload], ack: Acknowledge
) -> Payload | None:
    """Read a request; one that makes no sense is acknowledged, and told in the log by its kind."""
    try:
        return read(body, kind)
    except NotUnderstood as error:
        log.warning("NotUnderstood", kind=kind.__name__, at=str(error))
        await ack()
        return None


@contextmanager
def _told_in_the_log(turn: Turn) -> Iterator[None]:
    began = time.perf_counter()
    try:
        yield
    finally:
        spent = (time.perf_counter() - began) * 1000
        log.info(type(turn).__name__, user=turn.user_id, ms=round(spent))


async def _outdated(_: Shell, turn: ClickTurn) -> None:
    raise Outdated(turn.click.actions[0].action_id)


async def _refuse(turn: Turn, refusal: Refusal) -> None:
    """Say why not. Nothing may be raised after an acknowledgement: Bolt would forget it."""
    try:
        await turn.refuse(refusal.sentence, refusal.field)
    except Exception:
        log.warning("NotRefused", user=turn.user_id, exc_info=True)


async def _nothing() -> None:
    """Do nothing: an event was acknowledged before anybody listened."""


def _in_person(context: coaching.Context, user_id: str, use_case: UseCase[T]) -> T:
    caller = coaching.caller_for_slack(context, user_id)
    if caller is None:
        raise UnknownAccounts([user_id])
    return use_case(context, caller)
