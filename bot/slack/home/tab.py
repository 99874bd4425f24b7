"""The Home tab: what is unread, overdue, today and next, and the team of those who lead one."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from bot import coaching
from bot.slack.blocks import kit
from bot.slack.blocks.cards import card_blocks, notice_blocks
from bot.slack.blocks.targets import Target, pack, unpack
from bot.slack.blocks.words import clip, isolated
from bot.slack.home import team as home_team
from bot.slack.home.tabs import Homes
from bot.slack.home.team import Looking
from bot.slack.lists import inbox
from bot.slack.session import opening as session
from bot.slack.transport.reading import read
from bot.slack.turns.payloads import HomeOpened
from bot.slack.turns.shell import COMMAND, Shell
from bot.slack.turns.suggesting import SuggestionTurn
from bot.slack.turns.turn import ClickTurn

MOST_OF_EACH: Final = 8
MOST_BESIDE_TEAM: Final = 6
"""Of each kind of one's own, where the team stands below."""


def register(shell: Shell) -> None:
    """Show the Home tab to whoever opens it, keep it true, and answer the menus of the team."""
    homes = Homes(shell, view_of)
    shell.on_change(homes.refresh)
    shell.on_look(homes.look)

    async def opened(_shell: Shell, event: dict[str, Any]) -> None:
        seen = read(event, HomeOpened)
        if seen.tab == "home":
            homes.look(seen.user, seen.view)
            homes.refresh(seen.user)

    shell.on_event("app_home_opened", opened)
    shell.on_suggestion(home_team.DIVISION, _suggest)
    shell.on_click(home_team.PERSON, partial(_pick_person, homes=homes))
    for action_id in (home_team.KIND, home_team.PERIOD, home_team.DIVISION):
        shell.on_click(action_id, partial(_choose, homes=homes))
    for action_id in (home_team.OPEN, home_team.EVERYBODY, home_team.PREVIOUS, home_team.NEXT):
        shell.on_click(action_id, partial(_go, homes=homes))


async def _suggest(shell: Shell, turn: SuggestionTurn) -> None:
    words = turn.suggestion.value
    found = await shell.decide(turn, partial(coaching.team_divisions, words=words))
    await turn.offer(home_team.offered(found, words))


async def _pick_person(shell: Shell, turn: ClickTurn, *, homes: Homes) -> None:
    """Show the sessions of the account that was picked; of one that is nobody's, that it is not."""
    account = turn.click.actions[0].selected_user
    person_id = None
    if account is not None:
        known = await shell.decide(turn, partial(_find, account=account))
        person_id = known.get(account, home_team.NOBODY)
    await turn.done()
    looking = homes.looking_of(turn.user_id)
    homes.turn_to(turn.user_id, home_team.of_person(looking, person_id))


def _find(context: coaching.Context, _caller: coaching.Caller, *, account: str) -> dict[str, str]:
    return dict(coaching.people_by_slack(context, [account]))


async def _choose(_shell: Shell, turn: ClickTurn, *, homes: Homes) -> None:
    await turn.done()
    looking = homes.looking_of(turn.user_id)
    action_id = turn.click.actions[0].action_id
    homes.turn_to(turn.user_id, home_team.chosen(looking, action_id, turn.value))


async def _go(_shell: Shell, turn: ClickTurn, *, homes: Homes) -> None:
    await turn.done()
    homes.turn_to(turn.user_id, unpack(turn.value, Looking))


def view_of(agenda: coaching.Agenda, looking: Looking | None = None) -> View:
    """Build the Home tab."""
    most = MOST_BESIDE_TEAM if agenda.team else MOST_OF_EACH
    title, overdue = _overdue(agenda)
    blocks = [
        kit.header(f"Hello {isolated(clip(_first(agenda.reader_name), 100))}"),
        *kit.row(_buttons(agenda)),
        *_notices(agenda),
        *_cards(title, overdue[:most], "overdue", more=len(overdue[most:])),
        *_cards("Today", agenda.today[:most], "today", more=len(agenda.today[most:])),
        *_cards(
            "Next",
            agenda.upcoming[:most],
            "",
            more=len(agenda.upcoming[most:]) + agenda.more_upcoming,
        ),
    ]
    if not (agenda.notices or agenda.overdue or agenda.today or agenda.upcoming):
        blocks += _nothing(agenda)
    at = looking or Looking()
    if agenda.team:
        blocks += home_team.blocks_of(agenda.team, at)
    return kit.home(blocks, notes=pack(at) if agenda.team else None)


def _overdue(agenda: coaching.Agenda) -> tuple[str, Sequence[coaching.Card]]:
    """Give the overdue sessions that no unread notice asks about just above, and their title."""
    asked = {
        each.card.appointment_id
        for each in agenda.notices[:MOST_OF_EACH]
        if each.action_type is coaching.ActionType.OVERDUE
    }
    others = [each for each in agenda.overdue if each.appointment_id not in asked]
    return "Also overdue" if asked else "Overdue", others


def _first(name: str) -> str:
    return next(iter(name.split()), "there")


def _buttons(agenda: coaching.Agenda) -> list[ButtonElement]:
    buttons = []
    if agenda.may_schedule:
        buttons.append(
            kit.button("Schedule coaching", session.OPEN_NEW, session.OPEN_NEW, primary=True)
        )
    label = f"Open inbox ({agenda.unread:,})" if agenda.unread else "Open inbox"
    return [*buttons, kit.button(label, inbox.OPEN, inbox.OPEN)]


def _notices(agenda: coaching.Agenda) -> Sequence[Block]:
    if not agenda.notices:
        return ()
    blocks: list[Block] = [kit.divider(), kit.header(f"{agenda.unread:,} unread")]
    for notice in agenda.notices[:MOST_OF_EACH]:
        target = Target(notice.card.appointment_id, notice.notification_id)
        blocks += notice_blocks(notice, target)
    more = agenda.unread - len(agenda.notices[:MOST_OF_EACH])
    return (*blocks, *_more(more, "inbox"))


def _cards(title: str, cards: Sequence[coaching.Card], word: str, *, more: int) -> Sequence[Block]:
    if not cards:
        return ()
    blocks: list[Block] = [kit.divider(), kit.header(title)]
    for card in cards:
        blocks += card_blocks(card, Target(card.appointment_id))
    return (*blocks, *_more(more, f"list {word}".strip()))


def _more(count: int, subcommand: str) -> Sequence[Block]:
    return (kit.small(f"{count:,} more in {COMMAND} {subcommand}"),) if count > 0 else ()


def _nothing(agenda: coaching.Agenda) -> Sequence[Block]:
    sentence = "You have no coaching sessions ahead. Enjoy the quiet."
    if agenda.may_schedule:
        sentence = "No coaching sessions yet. Schedule the first one whenever you like."
    return (kit.divider(), kit.sentence(sentence))
