"""One person as an administrator's form: division, hours, manager and roles."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final

import msgspec
from msgspec import Struct
from slack_sdk.models.blocks import (
    Block,
    InputBlock,
    Option,
    OptionGroup,
    PlainTextInputElement,
    StaticMultiSelectElement,
    StaticSelectElement,
    UserSelectElement,
)
from slack_sdk.models.blocks.block_elements import InputInteractiveElement
from slack_sdk.models.views import View

from bot import coaching
from bot.slack.admin import page as admin
from bot.slack.blocks import kit
from bot.slack.blocks.cards import SEPARATOR
from bot.slack.blocks.targets import pack
from bot.slack.blocks.words import clip, isolated, zone_words
from bot.slack.turns.payloads import Entry, SeenView
from bot.slack.turns.shell import UnknownAccounts

SAVE: Final = "admin_save_person"
DIVISION: Final = "division_id"
HOURS: Final = "working_hours"
MANAGER: Final = "manager_id"
ROLES: Final = "grants"
MOST: Final = 100


class Carried(Struct, frozen=True, omit_defaults=True):
    """What the form carries: its person, and the page below as it was."""

    below: str
    page: str = ""
    person_id: str = ""
    manager_is_elsewhere: bool = False
    offered: tuple[str, ...] = ()
    """The divisions whose roles the form offers, by the beginnings of their ids; roles over others
    are left alone."""


class Sent(Struct, frozen=True):
    """What an administrator filled in."""

    carried: Carried
    division_id: str
    working_hours: str
    manager: str | None
    """The manager's Slack account."""
    roles: frozenset[str]


def form(page: coaching.PersonPage, carried: Carried) -> View:
    """Build the form for one person."""
    offered = tuple(_short(each.division_id) for each in _offered(page))
    carried = Carried(
        carried.below, carried.page, page.person_id, page.manager_is_elsewhere, offered
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


def _offered(page: coaching.PersonPage) -> list[coaching.DivisionChoice]:
    """The divisions for which Slack has room, the person's own first; roles held count, too."""
    by_own = sorted(page.divisions, key=lambda each: each.division_id != page.division_id)
    held = Counter(each.division_id for each in page.roles if each.is_held)
    running = accumulate(min(held[each.division_id], MOST) for each in by_own)
    return [each for each, so_far in zip(by_own, running, strict=True) if so_far <= MOST][:MOST]


def _division(page: coaching.PersonPage) -> StaticSelectElement:
    options = [
        Option(text=kit.plain(isolated(clip(each.name, 70)), 75), value=each.division_id)
        for each in _offered(page)
    ]
    return StaticSelectElement(action_id=admin.TYPED, options=options, initial_option=options[0])


def _roles(page: coaching.PersonPage) -> StaticMultiSelectElement:
    groups, chosen = [], []
    for division in _offered(page):
        roles = [each for each in page.roles if each.division_id == division.division_id][:MOST]
        options = [_role(each) for each in roles]
        chosen += [shown for shown, each in zip(options, roles, strict=True) if each.is_held]
        label = kit.plain(isolated(clip(division.name, 70)), 75)
        groups.append(OptionGroup(label=label, options=options))
    return StaticMultiSelectElement(
        action_id=admin.TYPED,
        option_groups=groups,
        initial_options=chosen or None,
        placeholder=kit.plain("No role"),
    )


def _role(choice: coaching.RoleChoice) -> Option:
    said = f"{clip(choice.role, 40)} – {clip(choice.division, 30)}"
    return Option(text=kit.plain(said, 75), value=key_of(choice))


def _short(division_id: str) -> str:
    return division_id[:8]


def key_of(choice: coaching.RoleChoice) -> str:
    """Name a role over a division in the little room of an option."""
    return f"{admin.short(choice.role)}:{choice.division_id}"


def read(view: SeenView) -> Sent:
    """Read a form that was sent. Raises MsgspecError for a form of another bot."""
    division = _entry(view, DIVISION).selected_option
    return Sent(
        carried=msgspec.json.decode(view.private_metadata, type=Carried),
        division_id=division.value if division else "",
        working_hours=_entry(view, HOURS).value or "",
        manager=_entry(view, MANAGER).selected_user,
        roles=frozenset(each.value for each in _entry(view, ROLES).selected_options),
    )


def _entry(view: SeenView, name: str) -> Entry:
    values = view.state.values if view.state else {}
    return values.get(name, {}).get(admin.TYPED, Entry())


def save(context: coaching.Context, caller: coaching.Caller, *, sent: Sent) -> tuple[str, ...]:
    """Save a person as the form has them. Raises CoachingError, UnknownAccounts."""
    person_id = sent.carried.person_id
    page = coaching.person_page(context, caller, person_id)
    offered = set(sent.carried.offered)
    grants = [
        (each.role, each.division_id)
        for each in page.roles
        if (key_of(each) in sent.roles if _short(each.division_id) in offered else each.is_held)
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
