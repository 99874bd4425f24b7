"""`/coach report`: the numbers in the reply; a chart and a file in the direct message."""

from functools import partial
from typing import Final

from slack_sdk.models.blocks import Block

from bot import coaching
from bot.logger import get_logger
from bot.slack.blocks import kit
from bot.slack.blocks.kit import Said
from bot.slack.lists.asking import Asked, read_asked
from bot.slack.reports.sending import send
from bot.slack.reports.tables import tables_of
from bot.slack.transport.uploads import NotUploadedError
from bot.slack.turns.people import names_found
from bot.slack.turns.shell import COMMAND, Shell, UnknownAccounts
from bot.slack.turns.turn import CommandTurn

FOLLOWING: Final = "A fuller view and a file for spreadsheets follow in your direct messages."
NOT_SENT: Final = (
    "I couldn’t put the report and its file into your direct messages. The numbers above are "
    f"complete. To get the rest, type {COMMAND} report once more in a minute."
)

log = get_logger(__name__)


def register(shell: Shell) -> None:
    """Answer `/coach report`."""
    shell.on_subcommand("report", _command)


async def _command(shell: Shell, turn: CommandTurn) -> None:
    find = await names_found(shell, turn, turn.rest)
    asked = read_asked(turn.rest, find)
    if isinstance(asked, str):
        await turn.say(kit.note(asked))
        return
    report = await shell.decide(turn, partial(_report, asked=asked))
    await turn.say(said_of(report))
    try:
        await send(shell, turn.user_id, report)
    except NotUploadedError:
        log.warning("ReportNotShared", exc_info=True)
        await turn.say(kit.note(NOT_SENT))


def _report(context: coaching.Context, caller: coaching.Caller, *, asked: Asked) -> coaching.Report:
    """Find the person who was named, and report."""
    person_ids = None
    if asked.user_id is not None:
        known = coaching.people_by_slack(context, [asked.user_id])
        if asked.user_id not in known:
            raise UnknownAccounts([asked.user_id])
        person_ids = [known[asked.user_id]]
    query = coaching.ReportQuery(person_ids=person_ids, whose=asked.whose, period=asked.rest)
    return coaching.report(context, caller, query)


def said_of(report: coaching.Report) -> Said:
    """Write a report: a sentence, a table of the people, one of the weeks."""
    blocks: list[Block] = [kit.header(report.title), kit.sentence(report.summary)]
    if report.total.sessions:
        blocks += tables_of(report)
    blocks.append(kit.small(FOLLOWING))
    return Said(f"{report.title}: {report.summary}", tuple(blocks))
