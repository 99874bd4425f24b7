"""The part of the Home tab for those who lead others: their team, person by person.

What is looked at travels with the page itself, so it is kept as the page is shown anew, also by
another process.
"""

import zlib
from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

import msgspec
from msgspec import Struct, structs
from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    Option,
    SectionBlock,
    UserSelectElement,
)
from slack_sdk.models.blocks.block_elements import InteractiveElement

from bot import coaching
from bot.slack.blocks import kit, menus
from bot.slack.blocks.cards import SEPARATOR, card_blocks
from bot.slack.blocks.targets import Target, pack, unpack
from bot.slack.blocks.words import clip, isolated

PERSON: Final = "team_person"
KIND: Final = "team_kind"
PERIOD: Final = "team_period"
DIVISION: Final = "team_division"
OPEN: Final = "team_open"
EVERYBODY: Final = "team_everybody"
PREVIOUS: Final = "team_previous"
NEXT: Final = "team_next"
ANY: Final = "any"
NOBODY: Final = ""
"""Stands for an account that is nobody’s."""
ALL: Final = "All divisions"

T = TypeVar("T")


class Looking(Struct, frozen=True, omit_defaults=True):
    """Which part of the team somebody looks at."""

    person_id: str | None = None
    kind: coaching.SessionKind | None = None
    period: coaching.TeamPeriod = coaching.TeamPeriod.THIS_WEEK
    division_id: str | None = None
    page: int = 1

    @property
    def query(self) -> coaching.TeamQuery:
        """The same, in the coaching's words."""
        return coaching.TeamQuery(
            person_id=self.person_id,
            kind=self.kind,
            period=self.period,
            division_id=self.division_id,
            page_number=self.page,
        )


def read(notes: str) -> Looking:
    """Read what a page carries with it; one that carries nothing readable looks at everybody."""
    try:
        return unpack(notes, Looking)
    except (msgspec.MsgspecError, ValueError):
        return Looking()


def chosen(looking: Looking, action_id: str, value: str) -> Looking:
    """Say what is looked at after a choice in one of the menus. Raises MsgspecError."""
    picked, anew = None if value == ANY else value, structs.replace(looking, page=1)
    if action_id == KIND:
        kind = msgspec.convert(picked, coaching.SessionKind | None)
        return structs.replace(anew, kind=kind)
    if action_id == PERIOD:
        return structs.replace(anew, period=msgspec.convert(value, coaching.TeamPeriod))
    return structs.replace(anew, division_id=picked)


def of_person(looking: Looking, person_id: str | None) -> Looking:
    """Say what is looked at after a person was chosen, or nobody in particular any more."""
    return structs.replace(looking, person_id=person_id, page=1)


def blocks_of(team: coaching.TeamPage, looking: Looking) -> Sequence[Block]:
    """Write the team: what to look at, then the people, or one person with their sessions."""
    shown = structs.replace(looking, page=team.query.page_number)
    above = (kit.divider(), kit.header("Your team"), _menus(team, looking))
    if team.empty is not None:
        return (*above, kit.sentence(team.empty), *_way_back(looking))
    if team.sessions is not None:
        return (*above, *_one(team, team.sessions, shown))
    people = [_member(each, looking) for each in team.members.entities]
    return (*above, *people, *_pager(team.members, shown))


def _member(member: coaching.TeamMember, looking: Looking) -> Block:
    button = kit.button(
        "Show sessions",
        OPEN,
        pack(of_person(looking, member.person_id)),
        spoken=f"Show sessions of {member.name}",
    )
    return SectionBlock(text=kit.plain(_said(member)), accessory=button)


def _said(member: coaching.TeamMember) -> str:
    name = isolated(clip(member.name, 100))
    return kit.NEW_LINE.join((name, member.next_words, member.counts_words))


def _one(
    team: coaching.TeamPage, sessions: coaching.Page[coaching.Card], looking: Looking
) -> Sequence[Block]:
    blocks: list[Block] = [kit.sentence(_said(each)) for each in team.members.entities]
    for card in sessions.entities:
        blocks += card_blocks(card, Target(card.appointment_id))
    if not sessions.entities:
        period = coaching.PERIOD_WORDS[looking.period].lower()
        blocks.append(kit.sentence(f"No sessions to show here{SEPARATOR}{period}."))
    return (*blocks, *_pager(sessions, looking), *_way_back(looking))


def _pager(page: coaching.Page[T], at: Looking) -> Sequence[Block]:
    return kit.pager(PREVIOUS, NEXT, page, lambda number: structs.replace(at, page=number))


def _way_back(looking: Looking) -> Sequence[Block]:
    if looking.person_id is None:
        return ()
    return kit.row([kit.button("Show everybody", EVERYBODY, pack(of_person(looking, None)))])


def _menus(team: coaching.TeamPage, looking: Looking) -> Block:
    """Offer what to look at. A block of another name forgets what was chosen in it before."""
    elements: list[InteractiveElement] = [
        UserSelectElement(
            action_id=PERSON,
            placeholder=kit.plain("Everybody"),
            initial_user=_account(team) if looking.person_id else None,
        ),
        menus.one_of(KIND, {ANY: "Any status"} | _words(coaching.KIND_WORDS), looking.kind or ANY),
        menus.one_of(PERIOD, _words(coaching.PERIOD_WORDS), looking.period),
    ]
    if len(team.divisions) > 1:
        named = {ANY: ALL} | dict(team.divisions)
        elements.append(menus.one_of(DIVISION, named, team.query.division_id or ANY))
    now = zlib.crc32(pack(looking).encode())
    return ActionsBlock(block_id=f"team-{now:08x}", elements=elements)


def _account(team: coaching.TeamPage) -> str | None:
    return next((each.slack_user_id for each in team.members.entities), None)


def _words(
    words: Mapping[coaching.SessionKind, str] | Mapping[coaching.TeamPeriod, str],
) -> dict[str, str]:
    return {key.value: said for key, said in words.items()}


def offered(found: Mapping[str, str], words: str) -> Sequence[Option]:
    """Offer divisions that were looked up, and all of them where nothing is typed."""
    named = dict(found) if words.strip() else {ANY: ALL} | dict(found)
    return [menus.option(name, key) for key, name in named.items()]
