"""Requests that are not Slack's are refused unread, counted by reason, and warned of once."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.sandbox.wire.requests import sign
from bot.slack.transport.signatures import Signatures

SECRET = "0123456789abcdef" * 2
NOON = 1_700_000_000


class Gate:
    """Signatures at a clock that the test moves."""

    def __init__(self) -> None:
        self.now = float(NOON)
        self.refused: Counter[str] = Counter()
        self._signatures = Signatures(SECRET, refused=self._count, now=lambda: self.now)

    def _count(self, reason: str) -> None:
        self.refused[reason] += 1

    def lets_in(self, headers: dict[str, str], body: bytes = b"text=help") -> bool:
        named = {name.lower(): value for name, value in headers.items()}
        claim = self._signatures.begin(named)
        if claim is None:
            return False
        for byte in body:
            claim.take(bytes((byte,)))
        return claim.is_slacks()


@pytest.fixture
def gate() -> Gate:
    return Gate()


@given(
    body=some.binary(max_size=200), off=some.integers(-1000, 1000), other=some.binary(min_size=1)
)
def test_only_what_slack_signed_just_now_is_taken(body: bytes, off: int, other: bytes) -> None:
    gate = Gate()
    headers = sign(body, secret=SECRET, at=NOON - off)
    is_fresh = abs(off) <= 300
    assert gate.lets_in(headers, body) == is_fresh
    assert not gate.lets_in(headers, body + other)
    assert not gate.lets_in(sign(body, secret="f" * 32, at=NOON), body)
    wanted = {"wrong": 2} if is_fresh else {"wrong": 1, "stale": 2}
    assert gate.refused == Counter(wanted)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Slack-Signature": "v0=aa"},
        {"X-Slack-Request-Timestamp": str(NOON)},
        {"X-Slack-Signature": "v0=aa", "X-Slack-Request-Timestamp": "noon"},
        {"X-Slack-Signature": "v0=aa", "X-Slack-Request-Timestamp": "٣"},
        {"X-Slack-Signature": "v0=aa", "X-Slack-Request-Timestamp": "9" * 400},
    ],
)
def test_headers_that_say_nothing_are_missing(gate: Gate, headers: dict[str, str]) -> None:
    assert not gate.lets_in(headers)
    assert gate.refused == {"missing": 1}


@pytest.mark.parametrize("signature", ["v0=aa", "v1=" + "a" * 64, "v0=" + "٣" * 64, "a" * 9999])
def test_a_signature_that_no_body_has_is_wrong_before_there_is_one(
    gate: Gate, signature: str
) -> None:
    assert not gate.lets_in(
        {"X-Slack-Signature": signature, "X-Slack-Request-Timestamp": str(NOON)}
    )
    assert gate.refused == {"wrong": 1}


def test_each_reason_is_warned_of_once_an_hour(
    gate: Gate, caplog: pytest.LogCaptureFixture
) -> None:
    def said() -> list[str]:
        found = [each.split(" message=")[0] for each in caplog.messages]
        caplog.clear()
        return found

    for _ in range(3):
        gate.lets_in(sign(b"text=help", secret=SECRET, at=NOON - 4000))
        gate.lets_in({})
    assert said() == [
        "event=RequestRefused reason=stale seconds_off=4000",
        "event=RequestRefused reason=missing seconds_off=0",
    ]
    gate.now += 3599
    gate.lets_in({})
    assert said() == []
    gate.now += 1
    gate.lets_in({})
    assert said() == ["event=RequestRefused reason=missing seconds_off=0"]
    assert gate.refused == {"stale": 3, "missing": 5}
