"""Commands about people: bring them in, show them, give and take roles."""

import argparse
import csv
from collections.abc import Sequence
from pathlib import Path

from bot import coaching
from bot.cli.files import print_json, unreadable
from bot.cli.running import OPERATOR, Refused
from bot.database import opened_context
from bot.settings import Settings


def import_people(settings: Settings, options: argparse.Namespace) -> int:
    """Create or change the people of a CSV file."""
    rows = _read_rows(options.file)
    with opened_context(settings, may_upgrade=True) as context:
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
        raise unreadable(path, error) from error
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


def list_people(settings: Settings, options: argparse.Namespace) -> int:
    """Show everybody with their roles."""
    with opened_context(settings) as context:
        members = coaching.members(context)
    if options.json:
        print_json([_plain(each) for each in members])
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
