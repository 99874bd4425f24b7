"""Commands about people: bring them in, show them, give and take roles."""

import argparse
import csv
import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from bot import coaching
from bot.cli.files import print_json, unreadable
from bot.cli.progress import counted
from bot.cli.running import OPERATOR, Refused
from bot.database import opened_context
from bot.settings import Settings


def import_people(settings: Settings, options: argparse.Namespace) -> int:
    """Create or change the people of a CSV file, or only say what that would do."""
    rows, is_trial = _read_rows(options.file), options.dry_run
    with (
        # What is only tried makes no database and changes no tables either.
        opened_context(settings, may_upgrade=not is_trial) as context,
        counted(len(rows), "rows") as watch,
    ):
        done = coaching.import_people(context, OPERATOR, rows, is_trial=is_trial, watch=watch)
    if is_trial:
        _say_row_by_row(rows, done)
    counts = f"{done.created} created, {done.changed} changed, {done.unchanged} as they were."
    print(f"Nothing was changed. It would be: {counts}" if is_trial else counts)
    return 0


def _say_row_by_row(rows: Sequence[Mapping[str, str | None]], done: coaching.Imported) -> None:
    for number, (row, outcome) in enumerate(zip(rows, done.outcomes, strict=True), start=2):
        if outcome != "unchanged":
            print(f"row {number}: {(row['email'] or '').strip()} would be {outcome}")


def export_people(settings: Settings, options: argparse.Namespace) -> int:
    """Write everybody as the file that an import takes, to a file or to the output."""
    with opened_context(settings) as context:
        exported = coaching.export_people(context)
    try:
        with _opened_for_writing(options.file) as file:
            writer = csv.DictWriter(file, coaching.IMPORT_COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(exported.rows)
    except OSError as error:
        if options.file is None:
            raise
        raise Refused(f"{options.file} can’t be written: {error.strerror}.") from error
    if exported.left_out:
        say = "person has" if exported.left_out == 1 else "people have"
        print(
            f"{exported.left_out:,} {say} no row: without an address, or not at work here.",
            file=sys.stderr,
        )
    return 0


@contextmanager
def _opened_for_writing(path: Path | None) -> Iterator[IO[str]]:
    """Open a file, or the output, for a text in UTF-8 whatever the terminal takes."""
    if path is not None:
        with path.open("w", encoding="utf-8", newline="") as file:
            yield file
        return
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="")
    yield sys.stdout


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
        if each.person.standing is not coaching.Standing.MEMBER:
            roles = f"{each.person.standing.value}, {roles}"
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
