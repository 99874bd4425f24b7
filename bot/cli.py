"""The command line: it only translates."""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from bot import app, commands
from bot.checks import check_all
from bot.coaching import CoachingError
from bot.commands import Refused
from bot.playground import run_sandbox
from bot.probing import probe
from bot.settings import Settings, SettingsError, read_settings

NO_TOKENS = (
    "Coachbot needs two Slack tokens in the environment: SLACK_BOT_TOKEN and SLACK_APP_TOKEN.\n"
    "The README says step by step how to get them. To try Coachbot without Slack: make sandbox"
)
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; answers the exit code: 0 done, 1 a check failed, 2 refused."""
    options = _parser().parse_args(arguments)
    try:
        settings = read_settings(os.environ)
        return int(options.command(settings, options))
    except SettingsError as error:
        return _complain("Please correct the settings:\n" + _indented(error.faults))
    except CoachingError as error:
        return _complain(error.message)
    except ValueError as error:
        return _complain(str(error))
    except KeyboardInterrupt:
        return 130


def _complain(message: str) -> int:
    print(message, file=sys.stderr)
    return 2


def _indented(lines: Sequence[str]) -> str:
    return "\n".join(f"  {each}" for each in lines)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="coachbot", description="Coaching, run from Slack.")
    actions = parser.add_subparsers(required=True, metavar="COMMAND")
    sandbox = _command(actions, "sandbox", _sandbox, "try everything in a pretend Slack")
    sandbox.add_argument("--port", type=_port, default=8080, help="where to serve the page")
    sandbox.add_argument("--empty", action="store_true", help="start without a week of sessions")
    _command(actions, "run", _run, "connect to Slack and go to work")
    api = _command(actions, "api", _api, "serve the REST API alone, without Slack")
    api.add_argument("--port", type=_port, help="instead of COACHBOT_API_PORT")
    checking = _command(actions, "check", _check, "look at settings, database and Slack")
    checking.add_argument(
        "--probe", action="store_true", help="also send a message to an administrator"
    )
    checking.add_argument("--to", metavar="EMAIL", help="send it to this person instead")
    database = _group(actions, "db", "look after the database")
    _command(database, "upgrade", _upgrade, "bring the tables to this version")
    explaining = _command(actions, "why", commands.explain, "say what was sent about a session")
    explaining.add_argument("session", metavar="SESSION_ID")
    _add_people(actions)
    _add_roles(actions)
    _add_clients(actions)
    return parser


def _add_people(actions: Commands) -> None:
    people = _group(actions, "people", "bring people in, see them, give them roles")
    importing = _command(people, "import", commands.import_people, "create or change people")
    importing.add_argument("file", type=Path, metavar="FILE.csv")
    listing = _command(people, "list", commands.list_people, "show everybody with their roles")
    listing.add_argument("--json", action="store_true", help="for programs")
    for name, run, sentence in (
        ("grant", commands.grant, "give a person a role"),
        ("revoke", commands.revoke, "take a role from a person"),
    ):
        parser = _command(people, name, run, sentence)
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("role", metavar="ROLE")
        parser.add_argument("--division", action="append", default=[], help="may be repeated")


def _add_roles(actions: Commands) -> None:
    roles = _group(actions, "roles", "decide what each role may do")
    _command(roles, "show", commands.show_roles, "print the definitions as a file")
    loading = _command(roles, "load", commands.load_roles, "write the definitions of a file")
    loading.add_argument("file", type=Path, metavar="FILE.json")


def _add_clients(actions: Commands) -> None:
    clients = _group(actions, "client", "let programs use the REST API")
    creating = _command(clients, "create", commands.create_client, "make a client; shown once")
    creating.add_argument("--as", dest="person", required=True, metavar="EMAIL")
    creating.add_argument("--name", default="API client")
    _command(clients, "list", commands.list_clients, "show every client")
    revoking = _command(clients, "revoke", commands.revoke_client, "end a client and its tokens")
    revoking.add_argument("client_id", metavar="CLIENT_ID")


def _command(
    actions: Commands,
    name: str,
    run: Callable[[Settings, argparse.Namespace], int],
    sentence: str,
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, help=sentence, description=sentence)
    parser.set_defaults(command=run)
    return parser


def _group(actions: Commands, name: str, sentence: str) -> Commands:
    parser = actions.add_parser(name, help=sentence, description=sentence)
    return parser.add_subparsers(required=True, metavar="COMMAND")


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError("a port is a number up to 65535")
    return int(text)


def _sandbox(settings: Settings, options: argparse.Namespace) -> int:
    asyncio.run(run_sandbox(settings, port=options.port, empty=options.empty, say=print))
    return 0


def _run(settings: Settings, _options: argparse.Namespace) -> int:
    if not settings.slack_bot_token or not settings.slack_app_token:
        raise Refused(NO_TOKENS)
    asyncio.run(app.run_bot(settings))
    return 0


def _api(settings: Settings, options: argparse.Namespace) -> int:
    port = settings.api_port if options.port is None else options.port
    asyncio.run(app.run_api(replace(settings, api_port=port), say=print))
    return 0


def _check(settings: Settings, options: argparse.Namespace) -> int:
    findings = check_all(settings)
    if (options.probe or options.to) and all(each.is_good for each in findings):
        findings.append(probe(settings, email=options.to))
    for finding in findings:
        print(finding)
    return 0 if all(each.is_good for each in findings) else 1


def _upgrade(settings: Settings, _options: argparse.Namespace) -> int:
    with app.opened_context(settings):
        print("The database is up to date.")
    return 0
