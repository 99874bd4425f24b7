"""Which session is meant: by words in the command, or in a menu; its page opens at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import msgspec
from msgspec import Struct
from slack_sdk.models.blocks import ActionsBlock, Block, ExternalDataSelectElement, Option
from slack_sdk.models.views import View

from bot import coaching
from bot.slack.blocks import kit
from bot.slack.blocks.targets import pack
from bot.slack.blocks.words import clip, isolated, size
from bot.slack.lists.asking import MENTION
from bot.slack.turns.loading import Loading, fill, loading
from bot.slack.turns.shell import Shell, UnknownAccounts
from bot.slack.turns.suggesting import SuggestionTurn
from bot.slack.turns.turn import ClickTurn, CommandTurn

MOST: Final = 25
LABEL: Final = 75
LONGEST_SEARCH: Final = 200
MOST_PEOPLE: Final = 20
"""How many characters and people are looked for: a page has little room to carry them along."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A page about one session: its title, its menu, and how it is written."""

    title: str
    pick: str
    page_of: Callable[[coaching.Context, coaching.Caller, str], View]


class Narrowed(Struct, frozen=True, omit_defaults=True):
    """What the sessions in a menu have in common until somebody types in it."""

    words: str = ""
    person_ids: tuple[str, ...] = ()


def register(shell: Shell, word: str, subject: Subject) -> None:
    """Answer the word after the command, and the menu."""

    async def typed(shell: Shell, turn: CommandTurn) -> None:
        await _open(shell, turn, subject, partial(_find, subject=subject, typed=turn.rest))

    async def picked(shell: Shell, turn: ClickTurn) -> None:
        await show(shell, turn, await shell.decide(turn, _page(subject, turn.value)))

    shell.on_subcommand(word, typed)
    shell.on_click(subject.pick, picked)
    shell.on_suggestion(subject.pick, _suggest)


async def _suggest(shell: Shell, turn: SuggestionTurn) -> None:
    found = await shell.decide(turn, partial(_fitting, wanted=_wanted(turn)))
    await turn.offer([option(each) for each in found])


def _wanted(turn: SuggestionTurn) -> Narrowed:
    asked = turn.suggestion
    if asked.value.strip() or asked.view is None or not asked.view.private_metadata:
        return Narrowed(words=asked.value)
    return msgspec.json.decode(asked.view.private_metadata, type=Narrowed)


def _fitting(
    context: coaching.Context, caller: coaching.Caller, *, wanted: Narrowed
) -> Sequence[coaching.SessionChoice]:
    return coaching.session_choices(
        context, caller, words=wanted.words, person_ids=wanted.person_ids, most=MOST
    )


Writing = Callable[[coaching.Context, coaching.Caller], View]


def _page(subject: Subject, appointment_id: str) -> Writing:
    return lambda context, caller: subject.page_of(context, caller, appointment_id)


async def show(shell: Shell, turn: ClickTurn, view: View) -> None:
    """Put a page in the place of the one that was acted on."""
    await turn.done()
    if turn.click.view is not None:
        await shell.lines.put(turn.user_id, turn.click.view.id, view)


async def _open(shell: Shell, turn: CommandTurn, subject: Subject, writing: Writing) -> None:
    opened = await turn.open(loading(subject.title, "Looking…"))
    if opened is not None:
        shown = Loading(turn.user_id, opened, subject.title)
        asking = partial(shell.ask, turn.user_id, writing)
        shell.running.beside(fill(shell.lines, shown, asking))


def _find(
    context: coaching.Context, caller: coaching.Caller, *, subject: Subject, typed: str
) -> View:
    """Write the page of the one session that is meant, or the menu to choose from."""
    accounts = MENTION.findall(typed)
    known = coaching.people_by_slack(context, accounts)
    strangers = [each for each in accounts if each not in known]
    if strangers:
        raise UnknownAccounts(strangers)
    words = MENTION.sub(" ", typed).replace("@", " ").strip()[:LONGEST_SEARCH]
    wanted = Narrowed(words, tuple(known.values())[:MOST_PEOPLE])
    found = _fitting(context, caller, wanted=wanted)
    if len(found) == 1 and typed:
        return subject.page_of(context, caller, found[0].appointment_id)
    if found or not typed:
        return menu(subject, found, wanted=wanted)
    shown = f" with “{isolated(clip(words, 40))}”" if words else " with them"
    others = _fitting(context, caller, wanted=Narrowed())
    return menu(subject, others, problem=f"I can’t find a session of yours{shown}.")


def menu(
    subject: Subject,
    found: Sequence[coaching.SessionChoice],
    *,
    wanted: Narrowed | None = None,
    problem: str | None = None,
) -> View:
    """Write the page on which a session is picked; it says so where there is none."""
    blocks: list[Block] = [kit.sentence(problem)] if problem else []
    if not found:
        nothing = "You have no coaching sessions yet. They will wait for you here."
        return kit.modal(subject.title, [*blocks, kit.sentence(nothing)])
    select = ExternalDataSelectElement(
        action_id=subject.pick,
        placeholder=kit.plain("Pick a session, or type a name"),
        min_query_length=0,
    )
    ask = kit.sentence("Which session?")
    page = [*blocks, ask, ActionsBlock(elements=[select])]
    return kit.modal(subject.title, page, notes=pack(wanted or Narrowed()))


def option(choice: coaching.SessionChoice) -> Option:
    """Offer a session in a menu."""
    return Option(text=kit.plain(label(choice)), value=choice.appointment_id)


def label(choice: coaching.SessionChoice) -> str:
    """Name a session in one line; a long name gives way, so that who and when can be read."""
    rest = " · ".join(part for part in (isolated(clip(choice.who, 24)), choice.when) if part)
    left = max(LABEL - size(rest) - 5, 8)
    return clip(f"{isolated(clip(choice.name, left))} · {rest}", LABEL)
