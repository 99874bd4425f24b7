"""Through Slack: everything that is written for one person, to the last word."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace

from slack_sdk.models.blocks import Block

from bot import coaching
from bot.coaching import Source
from bot.slack.blocks.kit import Said
from bot.slack.blocks.targets import Listing
from bot.slack.home import tab as home
from bot.slack.lists import inbox, listing
from bot.slack.messages import message as messages
from tests.privacy.oracle import Rights
from tests.privacy.scene import EVERYTHING, Scene, Someone, marks_in
from tests.privacy.stage import Stage
from tests.privacy.theatre import Theatre, for_every_scene

NAME = re.compile(r"Zname\d+z")
COUNTED = re.compile(r"^([\d,]+) sessions?$")
"""What a list says first when there is something in it."""


def read(blocks: Sequence[Block]) -> str:
    """Everything that is sent to be shown, what only the button knows included."""
    return json.dumps([each.to_dict() for each in blocks])


@for_every_scene(20)
def test_what_is_written_holds_what_one_may_know(scene: Scene, theatre: Theatre) -> None:
    with theatre.shows(scene) as stage:
        for rights in stage.everybody():
            assert_pages(stage, rights)
            assert_list(stage, rights, None)
            for person in scene.people:
                assert_list(stage, rights, person)
        assert_messages(stage)


def assert_pages(stage: Stage, rights: Rights) -> None:
    """The home page and the inbox: one's own sessions, and what one was told."""
    context, caller = stage.context, stage.caller(rights, Source.SLACK)
    view = home.view_of(coaching.home(context, caller))
    page = inbox.page_of(context, caller)
    own = {each.name for each in rights.own(EVERYTHING)} | told_of(rights)
    assert marks_in(json.dumps(view.to_dict())) <= rights.may_know() | rights.leads()
    assert marks_in(read(page.blocks) + page.text) <= rights.may_know()
    for text in (json.dumps(view.to_dict()), read(page.blocks), page.text):
        assert set(NAME.findall(text)) <= own
    assert (f"{len(rights.inbox())} unread" in page.text) == bool(rights.inbox())


def told_of(rights: Rights) -> set[str]:
    """The names of the sessions of which somebody was told."""
    about = {id_ for _, id_ in rights.told()}
    return {each.name for each in rights.scene.meetings if each.id in about}


def assert_list(stage: Stage, rights: Rights, person: Someone | None) -> None:
    """The list of everything, with somebody or with anybody: these sessions, and this count."""
    users = None if person is None else (person.number,)
    seen = rights.listed(replace(EVERYTHING, users=users))
    shown, text = pages(stage, rights, person)
    assert shown == {each.name for each in seen}
    assert marks_in(text) <= rights.may_know()
    counted = COUNTED.match(text.splitlines()[0])
    assert int(counted[1] if counted else 0) == len(seen)


def pages(stage: Stage, rights: Rights, person: Someone | None) -> tuple[set[str], str]:
    """Go through all pages of a list; answers the names on them and everything written."""
    context, caller = stage.context, stage.caller(rights, Source.SLACK)
    written: list[str] = []
    number = 1
    while True:
        account = None if person is None else person.account
        wanted = Listing("all", page=number, user_id=account)
        said: Said = listing.page_of(context, caller, wanted=wanted)
        text = read(said.blocks)
        written += [said.text, text]
        if listing.NEXT not in text:
            return set(NAME.findall("".join(written))), "\n".join(written)
        number += 1


def assert_messages(stage: Stage) -> None:
    """Each message that is owed, as it would be sent."""
    rights_of = {stage.id_of(each.me): each for each in stage.everybody()}
    for announcement in coaching.announce(stage.context, stage.deliveries()).values():
        assert announcement is not None
        text, blocks = messages.render(announcement)
        assert marks_in(text + read(blocks)) <= rights_of[announcement.reader_id].may_know()
