"""Programs that act for people: whom they are, how long, and that nothing secret is kept."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import coaching
from bot.coaching import (
    Caller,
    CoachingError,
    Denied,
    Invalid,
    IssuedToken,
    NewClient,
    NotFound,
    Source,
    Standing,
    Unavailable,
)
from storage.transaction import Store
from tests.coaching.workplace import Workplace

DAY = timedelta(seconds=86_400)


def make(office: Workplace, who: str = "Dana", name: str = "Dashboard") -> NewClient:
    return coaching.create_client(
        office.context, email=f"{who.upper()}@example.com ", name=f" {name} "
    )


def issue(office: Workplace, client: NewClient) -> IssuedToken:
    return coaching.issue_token(office.context, client.client_id, client.client_secret)


def enter(office: Workplace, token: IssuedToken) -> tuple[Caller, str]:
    return coaching.caller_for_token(office.context, token.access_token)


def set_standing(office: Workplace, who: str, standing: Standing) -> None:
    with office.store.begin() as tx:
        row = tx.people.for_change(office.ids[who])
        assert row
        row.standing = standing


def test_a_client_acts_as_its_person_until_its_token_expires(workplace: Workplace) -> None:
    client = make(workplace)
    token = issue(workplace, client)
    assert token.expires_in_seconds == 86_400
    dana = Caller(workplace.ids["Dana"], Source.REST)
    assert enter(workplace, token) == (dana, client.client_id)
    workplace.clock.advance(DAY - timedelta(microseconds=1))
    assert enter(workplace, token) == (dana, client.client_id)
    workplace.clock.advance(timedelta(microseconds=1))
    with workplace.refuses(Denied, "bad.credentials"):
        enter(workplace, token)
    assert len(workplace.everything()["tokens"]) == 1
    again = issue(workplace, client)
    assert len(workplace.everything()["tokens"]) == 1
    assert enter(workplace, again) == (dana, client.client_id)


def test_how_long_a_token_lives_is_a_policy(desk: Workplace) -> None:
    desk.context = replace(desk.context, policy=replace(desk.context.policy, token_seconds=60))
    token = issue(desk, make(desk))
    assert token.expires_in_seconds == 60
    desk.clock.advance(timedelta(minutes=1))
    with desk.refuses(Denied, "bad.credentials"):
        enter(desk, token)


def test_a_revoked_client_is_out_at_once_and_for_good(workplace: Workplace) -> None:
    client, other = make(workplace), make(workplace, "Grace", "Export")
    token, another = issue(workplace, client), issue(workplace, other)
    coaching.revoke_client(workplace.context, client.client_id)
    coaching.revoke_client(workplace.context, client.client_id)
    for refused in (lambda: enter(workplace, token), lambda: issue(workplace, client)):
        with workplace.refuses(Denied, "bad.credentials"):
            refused()
    assert len(workplace.everything()["tokens"]) == 1
    assert enter(workplace, another)[1] == other.client_id
    trail = workplace.audit("client", client.client_id)
    assert [(each.action, each.source) for each in trail] == [
        ("create", Source.COMMAND_LINE),
        ("issue token", Source.REST),
        ("revoke", Source.COMMAND_LINE),
    ]
    with workplace.refuses(NotFound, "not.found", "client_id"):
        coaching.revoke_client(workplace.context, "unknown")
    with workplace.refuses(NotFound, "not.found", "client_id"):
        coaching.revoke_client(workplace.context, "a\x00b")


@pytest.mark.parametrize("standing", [each for each in Standing if each is not Standing.MEMBER])
def test_somebody_who_is_no_member_is_not_acted_for(desk: Workplace, standing: Standing) -> None:
    client = make(desk)
    token = issue(desk, client)
    set_standing(desk, "Dana", standing)
    for refused in (lambda: enter(desk, token), lambda: issue(desk, client)):
        with desk.refuses(Denied, "bad.credentials"):
            refused()
    with desk.refuses(Invalid, "validation.error", "email"):
        make(desk)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda made: ("unknown", made.client_secret),
        lambda made: (made.client_id, made.client_secret[:-1]),
        lambda made: (made.client_id, ""),
        lambda made: (made.client_id, made.client_id),
        lambda made: ("a\x00b", made.client_secret),
        lambda made: (made.client_id, "ä" * 40),
        lambda made: (made.client_id, "x" * 100_000),
        lambda made: (made.client_id + "\ud800", made.client_secret),
    ],
)
def test_wrong_credentials_are_refused_in_one_sentence(
    workplace: Workplace, spoil: Callable[[NewClient], tuple[str, str]]
) -> None:
    client_id, secret = spoil(make(workplace))
    with workplace.refuses(Denied, "bad.credentials") as refused:
        coaching.issue_token(workplace.context, client_id, secret)
    for token in (secret, "", "a\x00b"):
        with workplace.refuses(Denied, "bad.credentials") as also:
            coaching.caller_for_token(workplace.context, token)
        assert also.value.message == refused.value.message


def test_nothing_secret_is_kept_or_shown_twice(workplace: Workplace) -> None:
    client = make(workplace)
    token = issue(workplace, client)
    enter(workplace, token)
    shown = repr((workplace.everything(), client, token, coaching.list_clients(workplace.context)))
    assert client.client_id in shown
    assert client.client_secret not in shown
    assert token.access_token not in shown
    assert len(client.client_secret) >= 43
    assert len(token.access_token) >= 43
    twin = make(workplace)
    assert len({client.client_secret, twin.client_secret, token.access_token}) == 3


def test_clients_are_listed_with_whom_they_act_for_and_when_they_did(workplace: Workplace) -> None:
    client, other = make(workplace), make(workplace, "Priya", "alerts")
    began = workplace.clock()
    token = issue(workplace, client)
    used = []
    for seconds in (0, 59, 1, 60):
        workplace.clock.advance(timedelta(seconds=seconds))
        enter(workplace, token)
        [dashboard] = [
            each
            for each in coaching.list_clients(workplace.context)
            if each.client_id == client.client_id
        ]
        assert dashboard.last_used_at
        used.append((dashboard.last_used_at - began).total_seconds())
    assert used == [0, 0, 60, 120]
    coaching.revoke_client(workplace.context, other.client_id)
    listed = coaching.list_clients(workplace.context)
    assert [(each.name, each.person_name, each.revoked_at) for each in listed] == [
        ("alerts", "Priya", workplace.clock()),
        ("Dashboard", "Dana", None),
    ]
    assert listed[1].created_at == began


class ReadOnly:
    """A database that is there for readers alone, and counts who else comes."""

    def __init__(self, store: Store) -> None:
        self.read = store.read
        self.refused = 0

    def begin(self) -> None:
        self.refused += 1
        raise Unavailable


def test_a_use_that_cannot_be_noted_is_let_in_all_the_same(desk: Workplace) -> None:
    token = issue(desk, make(desk))
    read_only = ReadOnly(desk.store)
    store: Store = read_only  # type: ignore[assignment]
    context = replace(desk.context, store=store)
    for expected in (1, 2):
        caller, _ = coaching.caller_for_token(context, token.access_token)
        assert (caller.person_id, read_only.refused) == (desk.ids["Dana"], expected)
    enter(desk, token)
    coaching.caller_for_token(context, token.access_token)
    assert read_only.refused == 2


@pytest.mark.parametrize("name", ["", " ", "x" * 256, "a\x00b"])
def test_a_client_needs_a_name(desk: Workplace, name: str) -> None:
    with desk.refuses(Invalid, "constraint.validation", "name"):
        make(desk, name=name)


@pytest.mark.parametrize("email", ["nobody@example.com", "", "a\x00b"])
def test_a_client_needs_somebody_to_act_for(workplace: Workplace, email: str) -> None:
    with workplace.refuses(NotFound, "not.found", "email"):
        coaching.create_client(workplace.context, email=email, name="Dashboard")


def test_no_token_outlives_a_revocation_that_came_at_the_same_time(workplace: Workplace) -> None:
    client = make(workplace)

    def issued(_number: int) -> IssuedToken | None:
        try:
            return issue(workplace, client)
        except CoachingError:
            return None

    with ThreadPoolExecutor(5) as pool:
        tokens = pool.map(issued, range(8))
        coaching.revoke_client(workplace.context, client.client_id)
        for token in tokens:
            if token is not None:
                with pytest.raises(Denied):
                    enter(workplace, token)
    assert workplace.everything()["tokens"] == []
