"""The commands and their options. Nothing here imports what a command does.

A command is named as `module:function`; the function takes the settings and the parsed options,
and answers the exit code.
"""

import argparse
from pathlib import Path
from typing import TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def build_parser() -> argparse.ArgumentParser:
    """Build the parser of all commands."""
    parser = argparse.ArgumentParser(prog="coachbot", description="Coaching, run from Slack.")
    _add_env_file(parser, default=None)
    actions = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_starting(actions)
    _add_checking(actions)
    _add_people(actions)
    _add_roles(actions)
    _add_clients(actions)
    return parser


def _add_starting(actions: Commands) -> None:
    sandbox = _command(
        actions, "sandbox", "bot.cli.starting:start_sandbox", "try everything in a pretend Slack"
    )
    sandbox.add_argument(
        "--port", type=_port, help="where to serve the page; else the next free port from 8080"
    )
    sandbox.add_argument("--empty", action="store_true", help="start without a week of sessions")
    _command(actions, "run", "bot.cli.starting:start_bot", "connect to Slack and go to work")
    api = _command(
        actions, "api", "bot.cli.starting:start_api", "serve the REST API alone, without Slack"
    )
    api.add_argument("--port", type=_port, help="instead of COACHBOT_API_PORT")


def _add_checking(actions: Commands) -> None:
    checking = _command(
        actions, "check", "bot.cli.checking:check", "look at settings, database and Slack"
    )
    checking.add_argument(
        "--probe", action="store_true", help="also send a message to an administrator"
    )
    checking.add_argument("--to", metavar="EMAIL", help="send it to this person instead")
    _command(actions, "settings", "bot.cli.settings:show_settings", "print every setting as a file")
    explaining = _command(
        actions, "why", "bot.cli.sessions:explain", "say what was sent about a session"
    )
    explaining.add_argument("session", metavar="SESSION_ID")
    database = _group(actions, "db", "look after the database")
    _command(database, "upgrade", "bot.cli.database:upgrade", "bring the tables to this version")


def _add_people(actions: Commands) -> None:
    people = _group(actions, "people", "bring people in, see them, give them roles")
    importing = _command(
        people, "import", "bot.cli.people:import_people", "create or change people"
    )
    importing.add_argument("file", type=Path, metavar="FILE.csv")
    listing = _command(
        people, "list", "bot.cli.people:list_people", "show everybody with their roles"
    )
    listing.add_argument("--json", action="store_true", help="for programs")
    for name, run, sentence in (
        ("grant", "bot.cli.people:grant", "give a person a role"),
        ("revoke", "bot.cli.people:revoke", "take a role from a person"),
    ):
        parser = _command(people, name, run, sentence)
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("role", metavar="ROLE")
        parser.add_argument("--division", action="append", default=[], help="may be repeated")


def _add_roles(actions: Commands) -> None:
    roles = _group(actions, "roles", "decide what each role may do")
    _command(roles, "show", "bot.cli.roles:show_roles", "print the definitions as a file")
    loading = _command(roles, "load", "bot.cli.roles:load_roles", "write the definitions of a file")
    loading.add_argument("file", type=Path, metavar="FILE.json")


def _add_clients(actions: Commands) -> None:
    clients = _group(actions, "client", "let programs use the REST API")
    creating = _command(
        clients, "create", "bot.cli.clients:create_client", "make a client; shown once"
    )
    creating.add_argument("--as", dest="person", required=True, metavar="EMAIL")
    creating.add_argument("--name", default="API client")
    _command(clients, "list", "bot.cli.clients:list_clients", "show every client")
    revoking = _command(
        clients, "revoke", "bot.cli.clients:revoke_client", "end a client and its tokens"
    )
    revoking.add_argument("client_id", metavar="CLIENT_ID")


def _command(actions: Commands, name: str, run: str, sentence: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, help=sentence, description=sentence)
    parser.set_defaults(command=run)
    _add_env_file(parser, default=argparse.SUPPRESS)
    return parser


def _add_env_file(parser: argparse.ArgumentParser, *, default: object) -> None:
    """Take `--env-file` before the command and after it."""
    parser.add_argument(
        "--env-file",
        type=Path,
        metavar="FILE",
        default=default,
        help="read settings from this file; what the environment sets already wins",
    )


def _group(actions: Commands, name: str, sentence: str) -> Commands:
    parser = actions.add_parser(name, help=sentence, description=sentence)
    return parser.add_subparsers(required=True, metavar="COMMAND")


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError("a port is a number up to 65535")
    return int(text)
