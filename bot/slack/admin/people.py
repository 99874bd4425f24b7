"""The administrators' page of people: found by name, by division or in a menu, a page at a time."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

import msgspec
from msgspec import Struct
from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    InputBlock,
    PlainTextInputElement,
    UserSelectElement,
)
from slack_sdk.models.blocks.basic_components import DispatchActionConfig
from slack_sdk.models.views import View

from bot import coaching
from bot.slack.admin import doubles as admin_doubles
from bot.slack.admin import page as admin
from bot.slack.admin import person_form as admin_person_form
from bot.slack.blocks import kit, menus
from bot.slack.blocks.cards import SEPARATOR
from bot.slack.blocks.targets import pack, unpack
from bot.slack.blocks.words import clip, isolated
from bot.slack.lists.listing import MENTION
from bot.slack.turns.payloads import Entry, SeenView
from bot.slack.turns.shell import Shell, UnknownAccounts
from bot.slack.turns.suggesting import SuggestionTurn
from bot.slack.turns.turn import ClickTurn, CommandTurn, SubmissionTurn

SEARCH: Final = "admin_search"
FIELD: Final = "words"
DIVISION: Final = "admin_division"
FIND: Final = "admin_find"
PREVIOUS: Final = "admin_people_previous"
NEXT: Final = "admin_people_next"
OPEN: Final = "admin_person"
EVERYWHERE: Final = "everywhere"
ALL: Final = "All divisions"
LONGEST_SEARCH: Final = 100


class Search(Struct, frozen=True, omit_defaults=True):
    """What is looked for, and which page of it is shown."""

    words: str = ""
    division_id: str | None = None
    page: int = 1


class PersonTarget(Struct, frozen=True):
    """The person whom a button is about."""

    person_id: str


def register(shell: Shell) -> None:
    """Answer `/coach admin`, the tab, the search and the buttons of each person."""
    shell.on_subcommand("admin", _typed)
    for action_id in (admin.PEOPLE, PREVIOUS, NEXT):
        shell.on_click(action_id, _turned)
    shell.on_click(SEARCH, _searched)
    shell.on_click(DIVISION, _narrowed)
    shell.on_suggestion(DIVISION, _suggest)
    shell.on_click(FIND, _found)
    shell.on_click(OPEN, _opened)
    shell.on_click(admin_doubles.JOIN, _joined)
    shell.on_submission(SEARCH, _sent)
    shell.on_submission(admin_person_form.SAVE, _saved)
    admin_person_form.register(shell)


async def _typed(shell: Shell, turn: CommandTurn) -> None:
    words = MENTION.sub(" ", turn.rest)
    await admin.opened(shell, turn, partial(write, search=Search(clip(readable(words), 90))))


async def _turned(shell: Shell, turn: ClickTurn) -> None:
    search = Search() if turn.value == admin.PEOPLE else unpack(turn.value, Search)
    await admin.shown(shell, turn, partial(write, search=search))


async def _searched(shell: Shell, turn: ClickTurn) -> None:
    search = Search(readable(turn.value), _search_of(turn.click.view).division_id)
    await admin.shown(shell, turn, partial(write, search=search))


async def _sent(shell: Shell, turn: SubmissionTurn) -> None:
    view = turn.submission.view
    values = view.state.values if view.state else {}
    words = values.get(FIELD, {}).get(SEARCH, Entry()).value or ""
    search = Search(readable(words), _search_of(view).division_id)
    await turn.update(await shell.decide(turn, partial(write, search=search)))


async def _narrowed(shell: Shell, turn: ClickTurn) -> None:
    division = None if turn.value == EVERYWHERE else turn.value
    search = Search(_search_of(turn.click.view).words, division)
    await admin.shown(shell, turn, partial(write, search=search))


async def _suggest(shell: Shell, turn: SuggestionTurn) -> None:
    words = turn.suggestion.value
    found = await shell.decide(turn, partial(coaching.division_choices, words=words))
    above = () if words.strip() else (menus.option(ALL, EVERYWHERE),)
    await turn.offer([*above, *(menus.option(each.name, each.division_id) for each in found)])


async def _found(shell: Shell, turn: ClickTurn) -> None:
    account = turn.click.actions[0].selected_user or ""
    await admin.pushed(shell, turn, partial(_by_account, account=account, carried=_carried(turn)))


async def _opened(shell: Shell, turn: ClickTurn) -> None:
    person_id = unpack(turn.value, PersonTarget).person_id
    await admin.pushed(shell, turn, partial(_form, person_id=person_id, carried=_carried(turn)))


async def _joined(shell: Shell, turn: ClickTurn) -> None:
    pair = unpack(turn.value, admin_doubles.Pair)
    joining = partial(admin_doubles.join, pair=pair)
    search = _search_of(turn.click.view)
    await admin.shown(
        shell, turn, partial(admin.save, saving=joining, writing=partial(write, search=search))
    )


def _carried(turn: ClickTurn) -> admin_person_form.Carried:
    view = turn.click.view
    return admin_person_form.Carried(
        below=view.id if view else "", page=view.private_metadata if view else ""
    )


async def _saved(shell: Shell, turn: SubmissionTurn) -> None:
    sent = admin_person_form.read(turn.submission.view)
    turn.again = None
    search = msgspec.json.decode(sent.carried.page or "{}", type=Search)
    await admin.saved(
        shell,
        turn,
        partial(admin_person_form.save, sent=sent),
        below=sent.carried.below,
        writing=partial(write, search=search),
    )


def _by_account(
    context: coaching.Context,
    caller: coaching.Caller,
    *,
    account: str,
    carried: admin_person_form.Carried,
) -> View:
    known = coaching.people_by_slack(context, [account])
    if account not in known:
        raise UnknownAccounts([account])
    return _form(context, caller, person_id=known[account], carried=carried)


def _form(
    context: coaching.Context,
    caller: coaching.Caller,
    *,
    person_id: str,
    carried: admin_person_form.Carried,
) -> View:
    return admin_person_form.form(coaching.person_page(context, caller, person_id), carried)


def write(context: coaching.Context, caller: coaching.Caller, *, search: Search) -> View:
    """Write a page of people. Raises CoachingError."""
    query = coaching.PeopleQuery(
        words=search.words, division_id=search.division_id, page_number=max(search.page, 1)
    )
    return view_of(coaching.people_page(context, caller, query))


def view_of(page: coaching.PeoplePage) -> View:
    """Build the page of people."""
    search = Search(page.query.words, page.query.division_id, page.people.page_number)
    told = admin_doubles.lines(page)
    menus = (_search_input(search), _menus(page, search))
    blocks = [*menus, *told, *_lines(page), *_pager(page, search)]
    return admin.page(
        admin.PEOPLE,
        blocks,
        has_everything=page.has_everything,
        search=SEARCH,
        notes=pack(search),
    )


def readable(words: str) -> str:
    """Leave out what is not shown and cannot be sent, such as half a character."""
    return "".join(filter(str.isprintable, words)).strip()[:LONGEST_SEARCH]


def _search_of(view: SeenView | None) -> Search:
    return msgspec.json.decode(view.private_metadata if view else "{}", type=Search)


def _search_input(search: Search) -> Block:
    field = PlainTextInputElement(
        action_id=SEARCH,
        initial_value=search.words or None,
        max_length=LONGEST_SEARCH,
        placeholder=kit.plain("Ana, or ana@example.com"),
        dispatch_action_config=DispatchActionConfig(trigger_actions_on=["on_enter_pressed"]),
    )
    return InputBlock(
        block_id=FIELD,
        label=kit.plain("Name or address"),
        element=field,
        optional=True,
        dispatch_action=True,
    )


def _menus(page: coaching.PeoplePage, search: Search) -> Block:
    named = {EVERYWHERE: ALL} | {each.division_id: each.name for each in page.divisions}
    chosen = search.division_id if search.division_id in named else EVERYWHERE
    division = menus.one_of(DIVISION, named, chosen)
    person = UserSelectElement(action_id=FIND, placeholder=kit.plain("Find a person"))
    return ActionsBlock(block_id="menus", elements=[division, person])


def _lines(page: coaching.PeoplePage) -> Iterator[Block]:
    if not page.people.entities:
        yield kit.sentence("Nobody here fits that. Try fewer letters, or all divisions.")
    for each in page.people.entities:
        yield kit.paragraph(_line(each))
        value = pack(PersonTarget(each.person_id))
        yield from kit.row([kit.button("Open", OPEN, value, spoken=f"Open {each.name}")])


def _line(line: coaching.MemberLine) -> Sequence[Sequence[kit.Part]]:
    name = [kit.bold(isolated(clip(line.name, 80)))]
    if line.is_deactivated:
        name.append(kit.faint(f"{SEPARATOR}deactivated"))
    if line.no_member:
        name.append(kit.faint(f"{SEPARATOR}{line.no_member}"))
    about = [line.division, ", ".join(line.roles[:6]) or "No role"]
    about += [line.email] if line.email else []
    said = SEPARATOR.join(isolated(clip(each, 150)) for each in about)
    return (name, [kit.words(said)])


def _pager(page: coaching.PeoplePage, search: Search) -> tuple[Block, ...]:
    def numbered(number: int) -> Search:
        return Search(search.words, search.division_id, number)

    return kit.pager(PREVIOUS, NEXT, page.people, numbered)
