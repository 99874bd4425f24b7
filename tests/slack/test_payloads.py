"""Whatever Slack sends at one place, null, nothing or something new, only that one thing is lost.

The payloads were recorded from the sandbox's traffic, or written after Slack's documentation.
"""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.transport import answers
from bot.slack.transport.reading import NotUnderstood, read, read_all
from bot.slack.turns import payloads

RECORDED: Final = json.loads((Path(__file__).parent / "payloads.json").read_text(encoding="utf-8"))
KINDS: Final[dict[str, type[msgspec.Struct]]] = {
    "slash_commands": payloads.Command,
    "block_actions_message": payloads.Click,
    "block_actions_view": payloads.Click,
    "block_actions_view_datetimepicker": payloads.Click,
    "view_submission": payloads.Submission,
    "shortcut": payloads.Shortcut,
    "message_action": payloads.Shortcut,
    "block_suggestion": payloads.Suggestion,
    "app_home_opened": payloads.HomeOpened,
    "user_change": payloads.AccountEvent,
    "team_join": payloads.AccountEvent,
    "users.info": payloads.AccountEvent,
    "auth.test": answers.Identity,
    "chat.postMessage": answers.Posted,
    "conversations.open": answers.OpenedConversation,
    "views.open": answers.ViewAnswer,
    "files.getUploadURLExternal": answers.UploadPlace,
    "conversations.history": answers.Paged,
    "chat.getPermalink": answers.Permalink,
}
ABSENT: Final = object()
JUNK: Final[tuple[Any, ...]] = (
    ABSENT,
    None,
    "",
    "something new",
    7,
    -1.5,
    True,
    [],
    [None],
    {},
    {"new": 1},
    10**400,
)

Place = tuple[str | int, ...]


def body_of(kind: str) -> Any:
    """The part of a recorded payload that is read as a value."""
    recorded = RECORDED[kind]
    return recorded.get("event", recorded)


def places(value: Any, here: Place = ()) -> Iterator[Place]:
    """Every position in a payload."""
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*here, key)
            yield from places(each, (*here, key))


def put(payload: Any, place: Place, junk: Any) -> Any:
    """The payload with something else at one position."""
    changed = copy.deepcopy(payload)
    inner = changed
    for key in place[:-1]:
        inner = inner[key]
    if junk is not ABSENT:
        inner[place[-1]] = junk
    else:
        del inner[place[-1]]
    return changed


def differing(before: Any, after: Any, here: Place = ()) -> Iterator[Place]:
    """Where two values differ, as near to the leaves as both have something there."""
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict) and before.keys() == after.keys():
        for key in before:
            yield from differing(before[key], after[key], (*here, key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from differing(one, other, (*here, number))
    elif isinstance(before, list) and isinstance(after, list) and len(after) == len(before) - 1:
        gone = next(i for i, each in enumerate([*after, ABSENT]) if each != before[i])
        yield (*here, gone)
        assert after == before[:gone] + before[gone + 1 :]
    else:
        yield here


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_is_not_understood_is_lost(kind: str) -> None:
    body, struct = body_of(kind), KINDS[kind]
    whole = msgspec.to_builtins(read(body, struct))
    assert whole == msgspec.to_builtins(msgspec.convert(body, struct))
    for place in places(body):
        for junk in JUNK:
            try:
                found = msgspec.to_builtins(read(put(body, place, junk), struct))
            except NotUnderstood:
                assert is_needed(struct, place), (place, junk)
                continue
            for lost in differing(whole, found):
                both = min(len(lost), len(place))
                assert lost[:both] == place[:both], (place, junk, lost)


def is_needed(struct: type[msgspec.Struct], place: Place) -> bool:
    """Whether the whole says nothing without what stands there."""
    needed = {"user", "user_id", "view", "actions", "channel", "ts", "upload_url", "file_id", "id"}
    return str(place[0]) in needed and any(each.required for each in msgspec.structs.fields(struct))


@pytest.mark.parametrize("junk", [junk for junk in JUNK if junk is not ABSENT])
def test_one_bad_member_of_a_page_loses_only_that_member(junk: Any) -> None:
    members = RECORDED["users.list"]["members"]
    whole = read_all(members, payloads.Account)
    assert len(whole) == len(members) > 3
    for number in range(len(members)):
        found = read_all(put(members, (number,), junk), payloads.Account)
        assert found == whole[:number] + whole[number + 1 :]


def test_a_member_whose_every_field_is_null_but_the_id_is_still_a_member() -> None:
    for member in RECORDED["users.list"]["members"]:
        bare = dict.fromkeys(member) | {"id": member["id"]}
        assert read(bare, payloads.Account) == payloads.Account(id=member["id"])


@given(st.integers(-(2**53), 2**53))
def test_a_number_may_come_as_a_text_and_the_reverse(number: int) -> None:
    for given_as in (number, str(number), float(number)):
        assert read({"selected_date_time": given_as}, payloads.Entry).selected_date_time == number
    assert read({"value": number}, payloads.Entry).value == str(number)
