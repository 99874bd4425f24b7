"""The one command: any case, any blanks, and a gentle word for what it does not know."""

import logging

import pytest

from bot import coaching
from bot.sandbox import Actor
from bot.slack.blocks import kit
from bot.slack.turns.shell import Shell
from bot.slack.turns.turn import CommandTurn
from tests.slack.office import DANA, PAT, PRIYA, Office


@pytest.mark.parametrize("typed", ["", "help", "  HELP  ", "Help me please"])
async def test_help_says_what_one_can_do(dana: Actor, priya: Actor, typed: str) -> None:
    await dana.command(f"/coach {typed}")
    await priya.command(f"/coach {typed}")
    assert "/coach schedule" in dana.messages[-1].words
    assert "/coach schedule" not in priya.messages[-1].words
    assert "/coach inbox" in priya.messages[-1].words
    assert dana.messages[-1].only_for == DANA


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("shedule", "Did you mean /coach schedule?"),
        ("Inbx", "Did you mean /coach inbox?"),
        ("<!channel> & more", "I don’t know “<!channel>” yet."),
        ("*bold*", "I don’t know “*bold*” yet."),
    ],
)
async def test_an_unknown_word_gets_a_gentle_hint(dana: Actor, typed: str, words: str) -> None:
    await dana.command(f"/coach {typed}")
    assert words in dana.messages[-1].words
    assert "/coach list" in dana.messages[-1].words


@pytest.mark.parametrize("word", ["schedule", "list", "report", "admin", "inbox", "why", "", ","])
async def test_more_than_anybody_types_is_not_read(dana: Actor, word: str) -> None:
    """Not even its words are taken apart, and no form opens."""
    await dana.command(f"/coach {word} {',' * 8_000}")
    assert "Please use at most 3,000 characters." in dana.messages[-1].words
    assert dana.modal is None


async def test_somebody_from_elsewhere_is_refused_politely(office: Office) -> None:
    pat = office.person(PAT)
    for typed in ("help", "list", "inbox"):
        await pat.command(f"/coach {typed}")
        assert "people who work here" in pat.messages[-1].words
    await pat.command("/coach schedule")
    await office.settle()
    assert pat.modal
    assert "people who work here" in pat.modal.words
    await pat.open_home()
    await office.settle()
    assert pat.home
    assert "people who work here" in pat.home.words


async def test_somebody_nobody_has_met_is_introduced(office: Office) -> None:
    with office.store.begin() as tx:
        row = tx.people.for_change(office.caller(PRIYA).person_id)
        assert row
        row.slack_user_id = None
    await office.person(PRIYA).command("/coach help")
    assert "Hello Priya" in office.person(PRIYA).messages[-1].words
    assert len(office.sandbox.calls.to("users.info")) == 1


async def test_when_slack_cannot_be_asked_who_that_is_the_sentence_is_kind(office: Office) -> None:
    with office.store.begin() as tx:
        row = tx.people.for_change(office.caller(PRIYA).person_id)
        assert row
        row.slack_user_id = None
    office.sandbox.faults.add("users.info", "error", error="fatal_error")
    await office.person(PRIYA).command("/coach help")
    assert coaching.Unavailable().message in office.person(PRIYA).messages[-1].words


async def test_what_nobody_expected_is_told_by_a_reference_that_is_in_the_log(
    office: Office, dana: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(_shell: Shell, _turn: CommandTurn) -> None:
        raise RuntimeError("the secret of the house")

    office.front.shell.on_subcommand("broken", broken)
    with caplog.at_level(logging.ERROR):
        await dana.command("/coach broken")
    said = dana.messages[-1].words
    assert "secret" not in said
    reference = said.split("tell your administrator: ")[1][:8]
    assert f"reference={reference}" in caplog.text
    assert "the secret of the house" not in caplog.text
    assert "Error at=" in caplog.text


async def test_a_form_that_slack_lets_nobody_open_any_more_is_asked_for_again(
    office: Office, dana: Actor
) -> None:
    office.sandbox.faults.add("views.open", "error", error="expired_trigger_id")
    await dana.command("/coach schedule")
    await office.settle()
    assert "try once more" in dana.messages[-1].words


async def test_a_form_that_was_opened_before_is_left_alone(office: Office, dana: Actor) -> None:
    office.sandbox.faults.add("views.open", "error", error="exchanged_trigger_id")
    await dana.command("/coach schedule")
    await office.settle()
    assert dana.messages == []


async def test_a_word_that_nobody_listens_to_any_more_is_answered_where_it_can_be(
    office: Office, dana: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    """A response address that Slack has closed is logged, and nothing else happens."""
    said = kit.note("Too late")
    await office.front.shell.lines.respond(f"{office.sandbox.url}/response/none", said)
    assert "event=AnswerRefused" in caplog.text
    assert dana.messages == []
