"""One person as an administrator's form: division, hours, manager and roles."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Final

import msgspec
from msgspec import Struct
from slack_sdk.models.blocks import (
    Block,
    InputBlock,
    Option,
    PlainTextInputElement,
    UserSelectElement,
)
from slack_sdk.models.blocks.block_elements import InputInteractiveElement
from slack_sdk.models.views import View

from bot import coaching
from bot.slack.admin import page as admin
from bot.slack.blocks import kit, menus
from bot.slack.blocks.cards import SEPARATOR
from bot.slack.blocks.targets import pack
from bot.slack.blocks.words import clip, isolated, zone_words
from bot.slack.turns.payloads import Entry, SeenView
from bot.slack.turns.shell import Shell, UnknownAccounts
from bot.slack.turns.suggesting import SuggestionTurn

SAVE: Final = "admin_save_person"
DIVISION: Final = "division_id"
HOURS: Final = "working_hours"
MANAGER: Final = "manager_id"
ROLES: Final = "grants"
PICK_DIVISION: Final = "admin_pick_division"
PICK_ROLES: Final = "admin_pick_roles"
KEY: Final = 8
"""How many characters tell one role over a division from another in what a form carries."""


class Carried(Struct, frozen=True, omit_defaults=True):
    """What the form carries: its person, and the page below as it was."""

    below: str
    page: str = ""
    person_id: str = ""
    manager_is_elsewhere: bool = False
    chosen: tuple[str, ...] = ()
    """The roles that the form begins with, each by a short key. Others that are held were not shown
    for want of room, and are left alone."""


class Sent(Struct, frozen=True):
    """What an administrator filled in."""

    carried: Carried
    division_id: str
    working_hours: str
    manager: str | None
    """The manager's Slack account."""
    roles: frozenset[str]


def register(shell: Shell) -> None:
    """Look up divisions and roles where there are more than a menu shows."""
    shell.on_suggestion(PICK_DIVISION, _suggest_divisions)
    shell.on_suggestion(PICK_ROLES, _suggest_roles)


async def _suggest_divisions(shell: Shell, turn: SuggestionTurn) -> None:
    looking = partial(coaching.division_choices, words=turn.suggestion.value)
    found = await shell.decide(turn, looking)
    await turn.offer([menus.option(each.name, each.division_id) for each in found])


async def _suggest_roles(shell: Shell, turn: SuggestionTurn) -> None:
    asked = turn.suggestion
    carried = msgspec.json.decode(asked.view.private_metadata if asked.view else "", type=Carried)
    looking = partial(coaching.role_choices, person_id=carried.person_id, words=asked.value)
    await turn.offer([_role(each) for each in await shell.decide(turn, looking)])


def form(page: coaching.PersonPage, carried: Carried) -> View:
    """Build the form for one person."""
    carried = Carried(
        carried.below,
        carried.page,
        page.person_id,
        page.manager_is_elsewhere,
        tuple(_short(key_of(each)) for each in _chosen(page)),
    )
    return kit.modal(
        "Person",
        [*_about(page), *_inputs(page)],
        submit="Save",
        close="Back",
        callback_id=SAVE,
        notes=pack(carried),
    )


def _about(page: coaching.PersonPage) -> Iterator[Block]:
    yield kit.header(isolated(clip(page.name, 140)))
    facts = [page.email] if page.email else []
    facts.append(zone_words(page.timezone))
    facts += ["deactivated"] if page.is_deactivated else []
    facts += [page.no_member] if page.no_member else []
    yield kit.small(SEPARATOR.join(isolated(clip(each, 200)) for each in facts))


def _inputs(page: coaching.PersonPage) -> Sequence[Block]:
    return (
        _input(DIVISION, "Division", _division(page)),
        _input(
            HOURS,
            "Working hours",
            PlainTextInputElement(
                action_id=admin.TYPED,
                initial_value=page.working_hours or None,
                max_length=100,
                placeholder=kit.plain("Mon–Fri 09:00–17:00"),
            ),
            hint="On their own clocks. Leave it empty for Monday to Friday, nine to five.",
        ),
        _input(
            MANAGER,
            "Manager",
            UserSelectElement(action_id=admin.TYPED, initial_user=page.manager_account),
            hint=_manager_hint(page),
        ),
        _input(ROLES, "Roles", _roles(page)),
    )


def _manager_hint(page: coaching.PersonPage) -> str | None:
    if page.manager_is_elsewhere:
        return "The manager now is in a division that you don’t administer."
    if page.manager and not page.manager_account:
        return f"Now: {isolated(clip(page.manager, 80))}, who has no Slack account yet."
    return None


def _input(
    block_id: str, label: str, element: InputInteractiveElement, *, hint: str | None = None
) -> Block:
    return InputBlock(
        block_id=block_id,
        label=kit.plain(label),
        element=element,
        hint=kit.plain(hint) if hint else None,
        optional=block_id != DIVISION,
    )


def _by_own(page: coaching.PersonPage) -> list[coaching.RoleChoice]:
    """The roles that can be given, those over the person's own division first."""
    return sorted(page.roles, key=lambda each: each.division_id != page.division_id)


def _chosen(page: coaching.PersonPage) -> list[coaching.RoleChoice]:
    """The roles held, as many of them as Slack has room for."""
    return [each for each in _by_own(page) if each.is_held][: menus.MOST]


def _division(page: coaching.PersonPage) -> InputInteractiveElement:
    named = {each.division_id: each.name for each in page.divisions}
    own = page.division_id
    by_own = {own: named[own]} | named if own in named else named
    return menus.one_of(PICK_DIVISION, by_own, own)


def _roles(page: coaching.PersonPage) -> InputInteractiveElement:
    chosen, nothing = [_role(each) for each in _chosen(page)], "No role"
    if len(page.roles) > menus.MOST:
        return menus.searched(PICK_ROLES, chosen, placeholder=nothing)
    groups = [
        (name, [_role(each) for each in roles])
        for (_, name), roles in groupby(_by_own(page), lambda one: (one.division_id, one.division))
    ]
    return menus.grouped(PICK_ROLES, groups, chosen, placeholder=nothing)


def _role(choice: coaching.RoleChoice) -> Option:
    said = f"{clip(choice.role, 40)} – {clip(choice.division, 30)}"
    return Option(text=kit.plain(said, 75), value=key_of(choice))


def _short(key: str) -> str:
    return admin.short(key)[:KEY]


def key_of(choice: coaching.RoleChoice) -> str:
    """Name a role over a division in the little room of an option."""
    return f"{admin.short(choice.role)}:{choice.division_id}"


def read(view: SeenView) -> Sent:
    """Read a form that was sent. Raises MsgspecError for a form of another bot."""
    division = _entry(view, DIVISION, PICK_DIVISION).selected_option
    return Sent(
        carried=msgspec.json.decode(view.private_metadata, type=Carried),
        division_id=division.value if division else "",
        working_hours=_entry(view, HOURS).value or "",
        manager=_entry(view, MANAGER).selected_user,
        roles=frozenset(each.value for each in _entry(view, ROLES, PICK_ROLES).selected_options),
    )


def _entry(view: SeenView, name: str, action_id: str = admin.TYPED) -> Entry:
    values = view.state.values if view.state else {}
    return values.get(name, {}).get(action_id, Entry())


def save(context: coaching.Context, caller: coaching.Caller, *, sent: Sent) -> tuple[str, ...]:
    """Save a person as the form has them. Raises CoachingError, UnknownAccounts."""
    person_id = sent.carried.person_id
    page = coaching.person_page(context, caller, person_id)
    chosen = set(sent.carried.chosen)
    grants = [
        (each.role, each.division_id)
        for each in page.roles
        if key_of(each) in sent.roles or (each.is_held and _short(key_of(each)) not in chosen)
    ]
    changes = coaching.PersonChanges(
        division_id=sent.division_id,
        working_hours=sent.working_hours,
        manager_id=_manager(context, page, sent),
        grants=grants,
    )
    return coaching.change_person(context, caller, person_id, changes)


def _manager(
    context: coaching.Context, page: coaching.PersonPage, sent: Sent
) -> str | coaching.Unset | None:
    """Who is to be the manager; one who could not be shown stays where nobody else is picked."""
    if sent.manager is None:
        could_not_be_shown = page.manager_is_elsewhere or sent.carried.manager_is_elsewhere
        has_no_account = page.manager is not None and page.manager_account is None
        return coaching.UNSET if could_not_be_shown or has_no_account else None
    known = coaching.people_by_slack(context, [sent.manager])
    if sent.manager not in known:
        raise UnknownAccounts([sent.manager])
    return known[sent.manager]
