"""What the commands for administrators do: people, roles and API clients."""

import argparse
import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from bot import coaching
from bot.app import opened_context
from bot.coaching import Caller, CoachingError, Source
from bot.settings import Settings

OPERATOR: Final = Caller("", Source.COMMAND_LINE)
"""Whoever has the machine acts for the organisation, not as a person."""


class Refused(CoachingError):
    """What was asked cannot be done; the message says what to do."""


def import_people(settings: Settings, options: argparse.Namespace) -> int:
    """Create or change the people of a CSV file."""
    rows = _read_rows(options.file)
    with opened_context(settings) as context:
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
        raise _unreadable(path, error) from error
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


def _unreadable(path: Path, error: OSError) -> Refused:
    return Refused(f"{path} can’t be read: {error.strerror}.")


def list_people(settings: Settings, options: argparse.Namespace) -> int:
    """Show everybody with their roles."""
    with opened_context(settings) as context:
        members = coaching.members(context)
    if options.json:
        _print_json([_plain(each) for each in members])
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


def grant(settings: Settings, options: argparse.Namespace) -> int:
    """Give a person a role."""
    with opened_context(settings) as context:
        held = coaching.grant_role(
            context, OPERATOR, email=options.email, role=options.role, divisions=options.division
        )
    return _say_held(options.email, held)


def revoke(settings: Settings, options: argparse.Namespace) -> int:
    """Take a role from a person."""
    with opened_context(settings) as context:
        held = coaching.revoke_role(
            context, OPERATOR, email=options.email, role=options.role, divisions=options.division
        )
    return _say_held(options.email, held)


def _say_held(email: str, held: Sequence[tuple[str, str]]) -> int:
    roles = ", ".join(f"{role} ({division})" for role, division in held) or "no role"
    print(f"{email} now has: {roles}.")
    return 0


def show_roles(settings: Settings, _options: argparse.Namespace) -> int:
    """Print what each role may do, as a file that `roles load` takes."""
    with opened_context(settings) as context:
        _print_json(coaching.role_definitions(context))
    return 0


def load_roles(settings: Settings, options: argparse.Namespace) -> int:
    """Write what each role of a file may do."""
    definitions = _read_roles(options.file)
    with opened_context(settings) as context:
        changed = coaching.load_roles(context, OPERATOR, definitions)
    print(f"Changed: {', '.join(changed)}." if changed else "Every role was like that already.")
    return 0


def _read_roles(path: Path) -> dict[str, Sequence[str]]:
    try:
        found: Any = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _unreadable(path, error) from error
    except ValueError as error:
        raise Refused(f"{path} is not JSON. No role was changed.") from error
    if not isinstance(found, dict) or not all(_is_list_of_words(each) for each in found.values()):
        raise Refused(
            f'{path} must look like {{"Supervisor": ["coaching:appointment:view"]}}. '
            "No role was changed."
        )
    return found


def _is_list_of_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def create_client(settings: Settings, options: argparse.Namespace) -> int:
    """Make an API client that acts as a person; its secret is shown this once."""
    with opened_context(settings) as context:
        made = coaching.create_client(context, email=options.person, name=options.name)
    print(json.dumps({"client_id": made.client_id, "client_secret": made.client_secret}))
    return 0


def list_clients(settings: Settings, _options: argparse.Namespace) -> int:
    """Show every API client, and whom it acts as."""
    with opened_context(settings) as context:
        clients = coaching.list_clients(context)
    for each in clients:
        print(f"{each.client_id}  {each.name:<24} as {each.person_name:<28} {_state_of(each)}")
    if not clients:
        print("No client yet. Make one by: coachbot client create --as EMAIL")
    return 0


def _state_of(client: coaching.Client) -> str:
    if client.revoked_at:
        return "revoked"
    used = client.last_used_at
    return f"last used {used:%d %b %Y %H:%M} UTC" if used else "never used"


def revoke_client(settings: Settings, options: argparse.Namespace) -> int:
    """End an API client; its tokens stop working at once."""
    with opened_context(settings) as context:
        coaching.revoke_client(context, options.client_id)
    print("Revoked. Its tokens no longer work.")
    return 0


def explain(settings: Settings, options: argparse.Namespace) -> int:
    """Say what was or will be sent about a session, to whom, when, and why not."""
    with opened_context(settings) as context:
        page = coaching.why(context, OPERATOR, options.session)
    print(f"{page.name}, {page.when} (all times in UTC)")
    for each in page.lines:
        print(f"  {each.who}: {each.what}. {each.sentence}")
    if not page.lines:
        print("  Nothing was promised to anybody about this session.")
    return 0


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
