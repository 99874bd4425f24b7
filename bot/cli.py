"""The command line: it only translates."""

import argparse
import asyncio
import csv
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from bot import app, coaching
from bot.checks import check_all
from bot.coaching import Caller, CoachingError, Source
from bot.settings import Settings, SettingsError, read_settings

NO_TOKENS = (
    "Coachbot needs two Slack tokens in the environment: SLACK_BOT_TOKEN and SLACK_APP_TOKEN.\n"
    "The README says step by step how to get them. To try Coachbot without Slack: make sandbox"
)
OPERATOR: Final = Caller("", Source.COMMAND_LINE)
"""Whoever has the machine acts for the organisation, not as a person."""


class Refused(Exception):
    """What was asked cannot be done; the message says what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; answers the exit code: 0 done, 1 a check failed, 2 refused."""
    options = _parser().parse_args(arguments)
    try:
        settings = read_settings(os.environ)
        return int(options.command(settings, options))
    except SettingsError as error:
        return _complain("Please correct the settings:\n" + _indented(error.faults))
    except (Refused, ValueError) as error:
        return _complain(str(error))
    except CoachingError as error:
        return _complain(error.message)
    except KeyboardInterrupt:
        return 130


def _complain(message: str) -> int:
    print(message, file=sys.stderr)
    return 2


def _indented(lines: Sequence[str]) -> str:
    return "\n".join(f"  {each}" for each in lines)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="coachbot", description="Coaching, run from Slack.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    sandbox = _command(commands, "sandbox", _sandbox, "try everything in a pretend Slack")
    sandbox.add_argument("--port", type=_port, default=8080, help="where to serve the page")
    sandbox.add_argument("--empty", action="store_true", help="start without a week of sessions")
    _command(commands, "run", _run, "connect to Slack and go to work")
    _command(commands, "check", _check, "look at settings, database and Slack")
    database = _group(commands, "db", "look after the database")
    _command(database, "upgrade", _upgrade, "bring the tables to this version")
    people = _group(commands, "people", "bring people in, and see them")
    importing = _command(people, "import", _import_people, "create or change people, all or none")
    importing.add_argument("file", type=Path, metavar="FILE.csv")
    listing = _command(people, "list", _list_people, "show everybody with their roles")
    listing.add_argument("--json", action="store_true", help="for programs")
    return parser


Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def _command(
    commands: Commands,
    name: str,
    run: Callable[[Settings, argparse.Namespace], int],
    sentence: str,
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=sentence, description=sentence)
    parser.set_defaults(command=run)
    return parser


def _group(commands: Commands, name: str, sentence: str) -> Commands:
    parser = commands.add_parser(name, help=sentence, description=sentence)
    return parser.add_subparsers(required=True, metavar="COMMAND")


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError("a port is a number up to 65535")
    return int(text)


def _sandbox(settings: Settings, options: argparse.Namespace) -> int:
    asyncio.run(app.run_sandbox(settings, port=options.port, empty=options.empty, say=print))
    return 0


def _run(settings: Settings, _options: argparse.Namespace) -> int:
    if not settings.slack_bot_token or not settings.slack_app_token:
        raise Refused(NO_TOKENS)
    asyncio.run(app.run_bot(settings))
    return 0


def _check(settings: Settings, _options: argparse.Namespace) -> int:
    findings = check_all(settings)
    for finding in findings:
        print(finding)
    return 0 if all(each.is_good for each in findings) else 1


def _upgrade(settings: Settings, _options: argparse.Namespace) -> int:
    with app.opened_context(settings):
        print("The database is up to date.")
    return 0


def _import_people(settings: Settings, options: argparse.Namespace) -> int:
    rows = _read_rows(options.file)
    with app.opened_context(settings) as context:
        done = coaching.import_people(context, OPERATOR, rows)
    print(f"{done.created} created, {done.changed} changed, {done.unchanged} as they were.")
    return 0


def _read_rows(path: Path) -> list[dict[str, str | None]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            _ensure_columns(reader.fieldnames or ())
            rows = list(reader)
    except OSError as error:
        raise Refused(f"{path} can’t be read: {error.strerror}.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused(f"{path} is not a CSV file in UTF-8. Nobody was imported.") from error
    for number, row in enumerate(rows, start=2):
        if None in row:
            raise Refused(f"Row {number} has more cells than the heading. Nobody was imported.")
    return rows


def _ensure_columns(names: Sequence[str]) -> None:
    unknown = [each for each in names if each not in coaching.IMPORT_COLUMNS]
    missing = [each for each in ("email", "name") if each not in names]
    columns = ", ".join(coaching.IMPORT_COLUMNS)
    if unknown:
        raise Refused(f"There is no column “{unknown[0]}”. Columns are: {columns}.")
    if missing:
        raise Refused(f"The column “{missing[0]}” is missing. Columns are: {columns}.")


def _list_people(settings: Settings, options: argparse.Namespace) -> int:
    with app.opened_context(settings) as context:
        members = coaching.members(context)
    if options.json:
        print(json.dumps([_plain(each) for each in members], ensure_ascii=False, indent=2))
        return 0
    for each in members:
        roles = ", ".join(f"{role} ({division})" for role, division in each.roles) or "no role"
        print(f"{each.person.name:<28} {each.person.email or '–':<32} {each.division:<12} {roles}")
    if not members:
        print("Nobody yet. People appear on first contact in Slack, or by: coachbot people import")
    return 0


def _plain(member: coaching.Member) -> dict[str, object]:
    person = member.person
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "slack_user_id": person.slack_user_id,
        "timezone": person.timezone,
        "standing": person.standing.value,
        "division": member.division,
        "roles": [{"role": role, "division": division} for role, division in member.roles],
        "working_hours": person.working_hours,
    }
