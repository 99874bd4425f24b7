"""The commands and their options. Nothing here imports what a command does.

A command is named as `module:function`; the function takes the settings and the parsed options,
and answers the exit code.
"""

from pathlib import Path
from typing import Final

from bot.cli.arguments import (
    Commands,
    Parser,
    ShowVersion,
    add_command,
    add_env_file,
    add_group,
    columns_as_text,
    port,
)

ABOUT: Final = "Coaching for contact centres, run from Slack."
EXAMPLES: Final = """\
examples:
  coachbot sandbox                     try everything, without Slack
  coachbot check --env-file .env       see whether everything is set up
  coachbot run --env-file .env         connect to Slack and go to work
  coachbot people import --help        the help of one command

exit codes:
  0 done, 1 a check failed, 2 refused, 70 an error of ours, 75 Slack was not heard for long,
  130 stopped by Ctrl+C, 141 nobody reads the output any more

Settings are environment variables; `coachbot settings` prints them all."""
COLUMNS: Final = (
    ("email", "the person's address, by which a row finds them; must be filled"),
    ("name", "how they are called; must be filled"),
    ("slack_user_id", "their member id in Slack, such as U012AB3CD"),
    ("timezone", "such as Europe/London; their Slack profile's where left out"),
    ("roles", "such as Agent;Supervisor, or Supervisor (Sales) in one division; or none"),
    ("divisions", "such as Home;Sales: they belong to the first, each role holds in each"),
    ("manager_email", "the address of whoever leads them, in this file or known already"),
    ("working_hours", "such as Mon-Fri 09:00-17:00"),
)
"""What each column of an import file means."""
IMPORT_DETAILS: Final = (
    "All of them or none: a faulty cell is named with its row and column.\n"
    "The file is CSV in UTF-8, with a heading of these columns:\n\n"
    f"{columns_as_text(COLUMNS)}\n\n"
    "A name with ; in it stands in double quotes. An empty cell leaves what is known as it is.\n"
    "Somebody new is an Agent in the home division."
)

DIVISION_HELP: Final = {
    "grant": "over which division; may be repeated (default: their own)",
    "revoke": "over which division; may be repeated (default: all of them)",
}


def build_parser() -> Parser:
    """Build the parser of all commands."""
    parser = Parser(prog="coachbot", description=ABOUT, epilog=EXAMPLES)
    parser.set_defaults(without_command=parser, command=None)
    parser.add_argument("--version", action=ShowVersion, nargs=0, help="print the version")
    add_env_file(parser, default=None)
    actions = parser.add_subparsers(metavar="COMMAND", title="commands")
    _add_starting(actions)
    _add_manifest(actions)
    _add_checking(actions)
    _add_database(actions)
    _add_people(actions)
    _add_roles(actions)
    _add_clients(actions)
    return parser


def _add_starting(actions: Commands) -> None:
    sandbox = add_command(
        actions,
        "sandbox",
        "bot.cli.starting:start_sandbox",
        "try everything in a pretend Slack; nothing is kept",
        example="coachbot sandbox --port 9000",
    )
    sandbox.add_argument(
        "--port",
        type=port,
        metavar="N",
        help="where to serve the page (default: the next free port from 8080 on)",
    )
    sandbox.add_argument("--empty", action="store_true", help="start without a week of sessions")
    add_command(
        actions,
        "run",
        "bot.cli.starting:start_bot",
        "connect to Slack and go to work",
        example="coachbot run --env-file .env",
    )
    api = add_command(
        actions,
        "api",
        "bot.cli.starting:start_api",
        "serve the REST API alone, without Slack",
        example="coachbot api --port 8081",
    )
    api.add_argument(
        "--port", type=port, metavar="N", help="where to serve it (default: COACHBOT_API_PORT)"
    )


def _add_manifest(actions: Commands) -> None:
    manifest = add_command(
        actions,
        "manifest",
        "bot.cli.manifest:print_manifest",
        "print what Slack must know of the app, to be pasted there",
        example="coachbot manifest --url https://coach.example.com",
    )
    manifest.add_argument(
        "--url",
        metavar="https://…",
        help="where Slack reaches Coachbot by HTTP (default: the manifest for Socket Mode)",
    )


def _add_checking(actions: Commands) -> None:
    checking = add_command(
        actions,
        "check",
        "bot.cli.checking:check",
        "look at settings, database and Slack, and say what to do",
        example="coachbot check --probe --to dana@example.com",
    )
    checking.add_argument(
        "--probe",
        action="store_true",
        help="also send a message to an administrator, and read it back",
    )
    checking.add_argument("--to", metavar="EMAIL", help="send it to this person instead")
    add_command(
        actions,
        "settings",
        "bot.cli.settings:show_settings",
        "print every setting as a file that --env-file takes",
        example="coachbot settings > .env",
    )
    explaining = add_command(
        actions,
        "why",
        "bot.cli.sessions:explain",
        "say what was or will be sent about a session, to whom, when, and why not",
        example="coachbot why 0d9c1b7e-5a52-4f0e-9a53-1f6f2f4a7c11",
    )
    explaining.add_argument(
        "session", metavar="SESSION_ID", help="as it stands in the REST API and in the log"
    )


def _add_database(actions: Commands) -> None:
    database = add_group(actions, "db", "look after the database")
    add_command(
        database,
        "upgrade",
        "bot.cli.database:upgrade",
        "make the database, or bring its tables to this version",
        example="coachbot db upgrade",
    )
    add_command(
        database,
        "restored",
        "bot.cli.database:restored",
        "say that the database was set back, so that nothing is sent twice",
        example="coachbot db restored",
    )


def _add_people(actions: Commands) -> None:
    people = add_group(actions, "people", "bring people in, see them, give them roles")
    importing = add_command(
        people,
        "import",
        "bot.cli.people:import_people",
        "create or change people from a file",
        details=IMPORT_DETAILS,
        example="coachbot people import people.csv --dry-run",
    )
    importing.add_argument("file", type=Path, metavar="FILE.csv", help="the file to read")
    importing.add_argument(
        "--dry-run",
        action="store_true",
        help="only say what would be created or changed, row by row",
    )
    exporting = add_command(
        people,
        "export",
        "bot.cli.people:export_people",
        "write everybody who has an address, as the file that an import takes",
        example="coachbot people export people.csv",
    )
    exporting.add_argument(
        "file", type=Path, nargs="?", metavar="FILE.csv", help="where to (default: the output)"
    )
    listing = add_command(
        people,
        "list",
        "bot.cli.people:list_people",
        "show everybody with their roles",
        example="coachbot people list --json",
    )
    listing.add_argument("--json", action="store_true", help="for programs")
    _add_grants(people)


def _add_grants(people: Commands) -> None:
    for name, sentence in (("grant", "give a person a role"), ("revoke", "take a person's role")):
        granting = add_command(
            people,
            name,
            f"bot.cli.people:{name}",
            sentence,
            example=f"coachbot people {name} priya@example.com Supervisor --division Home",
        )
        granting.add_argument("email", metavar="EMAIL", help="whose role it is")
        granting.add_argument("role", metavar="ROLE", help="such as Supervisor")
        granting.add_argument(
            "--division",
            action="append",
            default=[],
            metavar="D",
            help=DIVISION_HELP[name],
        )


def _add_roles(actions: Commands) -> None:
    roles = add_group(actions, "roles", "decide what each role may do")
    add_command(
        roles,
        "show",
        "bot.cli.roles:show_roles",
        "print what each role may do, as a file",
        example="coachbot roles show > roles.json",
    )
    loading = add_command(
        roles,
        "load",
        "bot.cli.roles:load_roles",
        "write what each role of a file may do",
        example="coachbot roles load roles.json",
    )
    loading.add_argument("file", type=Path, metavar="FILE.json", help="as `roles show` prints it")


def _add_clients(actions: Commands) -> None:
    clients = add_group(actions, "client", "let programs use the REST API")
    creating = add_command(
        clients,
        "create",
        "bot.cli.clients:create_client",
        "make a client and print its secret, this once",
        example="coachbot client create --as grace@example.com --name Reports",
    )
    creating.add_argument(
        "--as", dest="person", required=True, metavar="EMAIL", help="the person it acts as"
    )
    creating.add_argument(
        "--name", default="API client", metavar="N", help="its name (default: %(default)s)"
    )
    add_command(
        clients,
        "list",
        "bot.cli.clients:list_clients",
        "show every client",
        example="coachbot client list",
    )
    revoking = add_command(
        clients,
        "revoke",
        "bot.cli.clients:revoke_client",
        "end a client and its tokens",
        example="coachbot client revoke CLIENT_ID",
    )
    revoking.add_argument("client_id", metavar="CLIENT_ID", help="as `client list` shows it")
