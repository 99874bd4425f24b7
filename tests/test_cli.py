"""The command line, run as a person runs it."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import coaching
from bot.cli import main
from bot.cli.settings import example_file
from bot.database import opened_context
from bot.sandbox.server import Sandbox
from bot.sandbox.terms import Terms
from bot.settings import NEEDED, read_settings
from bot.slack.manifest import http_manifest, socket_manifest
from bot.slack.transport.scopes import SCOPES
from tests.clocks import true_now, true_sandbox_clock, working_noon

GOOD = """\
email,name,slack_user_id,timezone,roles,divisions,manager_email,working_hours
grace@example.com,Grace Okafor,U01GRACE,Europe/London,Quality Manager,Home;Sales,,
priya@example.com,Priya Raman,,Asia/Kolkata,,,grace@example.com,Mon-Fri 10:00-18:00
"""

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command with a database of its own; answers exit code, output and complaints."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'coachbot.db'}")
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_API_URL"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def write(folder: Path, text: str | bytes) -> str:
    path = folder / "people.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def test_people_are_imported_and_listed(run: Run, tmp_path: Path) -> None:
    file = write(tmp_path, GOOD)
    assert run("people", "import", file) == (0, "2 created, 0 changed, 0 as they were.\n", "")
    assert run("people", "import", file)[1] == "0 created, 0 changed, 2 as they were.\n"
    managed = write(tmp_path, GOOD.replace("Home;Sales,,", "Home;Sales,priya@example.com,"))
    assert run("people", "import", managed)[1] == "0 created, 1 changed, 1 as they were.\n"
    listed = json.loads(run("people", "list", "--json")[1])
    assert [(each["name"], each["division"]) for each in listed] == [
        ("Grace Okafor", "Home"),
        ("Priya Raman", "Home"),
    ]
    assert listed[0]["roles"] == [
        {"role": "Quality Manager", "division": "Home"},
        {"role": "Quality Manager", "division": "Sales"},
    ]
    assert listed[1]["working_hours"] == {"days": [0, 1, 2, 3, 4], "from": "10:00", "to": "18:00"}
    assert "Grace Okafor" in run("people", "list")[1]


def test_what_a_file_would_do_is_told_row_by_row(run: Run, tmp_path: Path) -> None:
    file = write(tmp_path, GOOD)
    code, _, said = run("people", "import", file, "--dry-run")
    assert (code, "coachbot db upgrade" in said) == (2, True)
    assert not (tmp_path / "coachbot.db").exists()
    run("db", "upgrade")
    counts = "2 created, 0 changed, 0 as they were."
    assert run("people", "import", file, "--dry-run") == (
        0,
        (
            "row 2: grace@example.com would be created\n"
            "row 3: priya@example.com would be created\n"
            f"Nothing was changed. It would be: {counts}\n"
        ),
        "",
    )
    assert run("people", "import", file)[1] == f"{counts}\n"
    assert run("people", "import", file, "--dry-run")[1] == (
        "Nothing was changed. It would be: 0 created, 0 changed, 2 as they were.\n"
    )


def test_people_are_exported_as_they_are_imported(run: Run, tmp_path: Path) -> None:
    run("people", "import", write(tmp_path, GOOD))
    code, said, complaint = run("people", "export")
    assert (code, complaint) == (0, "")
    assert said == (
        "email,name,slack_user_id,timezone,roles,divisions,manager_email,working_hours\n"
        "grace@example.com,Grace Okafor,U01GRACE,Europe/London,Quality Manager,Home;Sales,,\n"
        "priya@example.com,Priya Raman,,Asia/Kolkata,Agent,Home,grace@example.com,"
        "Mon-Fri 10:00-18:00\n"
    )
    path = tmp_path / "out.csv"
    assert run("people", "export", str(path)) == (0, "", "")
    assert path.read_text(encoding="utf-8") == said
    assert run("people", "import", str(path))[1] == "0 created, 0 changed, 2 as they were.\n"
    code, _, complaint = run("people", "export", str(tmp_path / "nowhere" / "out.csv"))
    assert (code, "can’t be written: No such file or directory." in complaint) == (2, True)


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("nobody,Ann,,,,,,", "row 4, column email: this is not an email address"),
        ("ann@example.com,,,,,,,", "row 4, column name: give a name"),
        ("ann@example.com,Ann,x1,,,,,", "row 4, column slack_user_id: a Slack member id"),
        ("ann@example.com,Ann,,Mars/Base,,,,", "row 4, column timezone: use a name such as"),
        ("ann@example.com,Ann,,,Chief,,,", "row 4, column roles: there is no role “Chief”"),
        ("ann@example.com,Ann,,,,,boss@example.com,", "row 4, column manager_email: nobody has"),
        ("ann@example.com,Ann,,,,,,always", "row 4, column working_hours: write it as"),
        ("grace@example.com,Ann,,,,,,", "row 4, column email: this person is in the file twice"),
        ("ann@example.com,Ann,U01GRACE,,,,,", "row 4, column slack_user_id: this belongs to"),
    ],
)
def test_a_bad_row_is_named_and_nobody_is_imported(
    run: Run, tmp_path: Path, row: str, complaint: str
) -> None:
    code, _, said = run("people", "import", write(tmp_path, f"{GOOD}{row}\n"))
    assert code == 2
    assert complaint in said
    run("db", "upgrade")
    assert run("people", "list", "--json")[1] == "[]\n"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("email,name,shoe_size\n", "There is no column “shoe_size”."),
        ("email\na@example.com\n", "The column “name” is missing."),
        (b"email,name\n\xff\xfe,x\n", "is not a CSV file in UTF-8"),
        ("email,name\na@example.com,A,more\n", "Row 2 has more cells than the heading"),
    ],
)
def test_a_bad_file_is_refused(
    run: Run, tmp_path: Path, content: str | bytes, complaint: str
) -> None:
    code, _, said = run("people", "import", write(tmp_path, content))
    assert (code, complaint in said) == (2, True)


def test_a_missing_file_is_refused(run: Run, tmp_path: Path) -> None:
    code, _, said = run("people", "import", str(tmp_path / "nothing.csv"))
    assert (code, "can’t be read" in said) == (2, True)


@pytest.mark.parametrize(
    ("mode", "given", "said"),
    [
        ("socket", "", "SLACK_BOT_TOKEN and SLACK_APP_TOKEN in the environment for Socket Mode"),
        ("socket", "xoxb-1", "SLACK_APP_TOKEN is not set"),
        ("http", "", "SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET in the environment for HTTP mode"),
        ("http", "xoxb-1", "SLACK_SIGNING_SECRET is not set"),
    ],
)
def test_run_and_check_name_what_the_mode_needs(
    run: Run, monkeypatch: pytest.MonkeyPatch, mode: str, given: str, said: str
) -> None:
    monkeypatch.setenv("COACHBOT_SLACK_MODE", mode)
    monkeypatch.setenv("SLACK_BOT_TOKEN", given)
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")
    code, _, words = run("run")
    assert code == 2
    assert said in words
    assert "make sandbox" in words
    code, found, _ = run("check")
    assert code == 1
    for name in NEEDED[mode]:
        assert (f"Please set {name}" in found) == (not given or name != "SLACK_BOT_TOKEN")


def test_a_wrong_setting_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COACHBOT_HORIZONDAYS", "3")
    code, _, said = run("db", "upgrade")
    assert (code, "did you mean COACHBOT_HORIZON_DAYS?" in said) == (2, True)


@pytest.mark.parametrize("before", [True, False])
def test_a_file_sets_what_the_environment_does_not(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "")
    monkeypatch.setenv("COACHBOT_SLACK_MODE", "http")
    monkeypatch.setenv("COACHBOT_API_PORT", "0")
    path = tmp_path / "settings.env"
    path.write_text(
        "SLACK_BOT_TOKEN=wrong\nCOACHBOT_SLACK_MODE=pigeon\nDATABASE_URL=sqlite:////x\n"
    )
    file = ("--env-file", str(path))
    code, _, said = run(*file, "settings") if before else run("settings", *file)
    assert code == 2
    assert said.splitlines() == [
        "Please correct the settings:",
        f"  {path}, line 1: SLACK_BOT_TOKEN must start with xoxb-",
        "  COACHBOT_API_PORT must not be 0 where COACHBOT_SLACK_MODE is http",
    ]


def test_the_manifest_is_the_one_of_the_mode(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("manifest") == (0, socket_manifest(), "")
    address = "https://coach.example.com"
    assert run("manifest", "--url", address) == (0, http_manifest(address), "")
    code, _, said = run("manifest", "--url", "http://coach.example.com")
    assert (code, "https addresses only" in said) == (2, True)
    monkeypatch.setenv("COACHBOT_SLACK_MODE", "http")
    code, _, said = run("manifest")
    assert (code, "coachbot manifest --url" in said) == (2, True)
    monkeypatch.setenv("COACHBOT_API_URL", address)
    assert run("manifest") == (0, http_manifest(address), "")


def test_every_setting_is_printed_as_a_file(run: Run) -> None:
    assert run("settings") == (0, example_file(), "")


def test_check_says_what_to_do(run: Run) -> None:
    code, said, _ = run("check")
    assert code == 1
    assert "is new: run will make its tables." in said
    assert "Please set SLACK_BOT_TOKEN" in said
    assert run("db", "upgrade")[0] == 0
    assert "its tables are up to date" in run("check")[1]


def test_a_restore_can_be_told(run: Run) -> None:
    assert run("db", "restored")[0] == 2, "there is no database"
    run("db", "upgrade")
    assert run("db", "restored")[0] == 0


@pytest.mark.parametrize("lacking", [None, "im:history"])
def test_check_asks_slack(run: Run, monkeypatch: pytest.MonkeyPatch, lacking: str | None) -> None:
    granted = tuple(each for each in SCOPES if each != lacking)
    sandbox = Sandbox(clock=true_sandbox_clock(), terms=Terms(scopes=granted)).start_in_thread()
    try:
        monkeypatch.setenv("SLACK_BOT_TOKEN", sandbox.bot_token)
        monkeypatch.setenv("SLACK_APP_TOKEN", sandbox.app_token)
        monkeypatch.setenv("SLACK_API_URL", sandbox.api_url)
        run("db", "upgrade")
        code, said, _ = run("check")
    finally:
        sandbox.stop()
    assert code == (0 if lacking is None else 1)
    assert ("Please add these scopes and reinstall: im:history" in said) == (lacking is not None)


@pytest.mark.parametrize(
    ("secret", "address", "said"),
    [
        ("f" * 32, "https://coach.example.com", "https://coach.example.com/slack/events"),
        ("short", "https://coach.example.com", "copy SLACK_SIGNING_SECRET again"),
        ("f" * 32, "", "are taken at port 8081, path /slack/events"),
        ("f" * 32, "http://coach.example.com", "Please set COACHBOT_API_URL to the https address"),
    ],
)
def test_check_says_what_is_missing_for_slack_to_reach_us(
    run: Run, monkeypatch: pytest.MonkeyPatch, secret: str, address: str, said: str
) -> None:
    monkeypatch.setenv("COACHBOT_SLACK_MODE", "http")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", secret)
    monkeypatch.setenv("COACHBOT_API_URL", address)
    _, words, _ = run("check")
    [line] = [each for each in words.splitlines() if "way in" in each]
    assert said in line
    assert line.startswith("ok" if "/slack/events" in said else "FAIL")
    assert "app token" not in words
    assert secret not in words or secret == "short"


def test_check_says_when_slack_or_the_database_is_not_there(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")
    monkeypatch.setenv("DATABASE_URL", "postgresql://bot:secret@127.0.0.1:9/none")
    code, said, _ = run("check")
    assert code == 1
    assert "Connection refused. Please check that the server runs" in said
    assert said.count("127.0.0.1 cannot be reached. Is it reachable from here?") == 2
    assert "secret" not in said


def test_roles_are_shown_and_loaded_as_a_file(run: Run, tmp_path: Path) -> None:
    run("db", "upgrade")
    shown = run("roles", "show")[1]
    path = tmp_path / "roles.json"
    path.write_text(shown)
    assert run("roles", "load", str(path)) == (0, "Every role was like that already.\n", "")
    definitions = json.loads(shown)
    definitions["Supervisor"].append("coaching:appointment:delete")
    path.write_text(json.dumps(definitions))
    assert run("roles", "load", str(path))[1] == "Changed: Supervisor.\n"
    assert "coaching:appointment:delete" in json.loads(run("roles", "show")[1])["Supervisor"]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("nonsense", "is not JSON"),
        ('["Supervisor"]', "must look like"),
        ('{"Supervisor": ["coaching:everything"]}', "coaching:everything"),
    ],
)
def test_a_bad_roles_file_changes_nothing(
    run: Run, tmp_path: Path, content: str, complaint: str
) -> None:
    run("db", "upgrade")
    before = run("roles", "show")[1]
    path = tmp_path / "roles.json"
    path.write_text(content)
    code, _, said = run("roles", "load", str(path))
    assert (code, complaint in said) == (2, True)
    assert run("roles", "show")[1] == before


def test_roles_are_granted_and_revoked(run: Run, tmp_path: Path) -> None:
    run("people", "import", write(tmp_path, GOOD))
    granted = run("people", "grant", "priya@example.com", "Supervisor", "--division", "Sales")
    assert granted[1] == "priya@example.com now has: Agent (Home), Supervisor (Sales).\n"
    revoked = run("people", "revoke", "priya@example.com", "Supervisor")
    assert revoked[1] == "priya@example.com now has: Agent (Home).\n"
    assert run("people", "grant", "nobody@example.com", "Agent")[0] == 2
    assert run("people", "grant", "priya@example.com", "Chief")[0] == 2


def test_a_client_is_shown_once_listed_and_revoked(run: Run, tmp_path: Path) -> None:
    run("people", "import", write(tmp_path, GOOD))
    made = json.loads(run("client", "create", "--as", "grace@example.com", "--name", "Reports")[1])
    assert set(made) == {"client_id", "client_secret"}
    listed = run("client", "list")[1]
    assert made["client_id"] in listed
    assert made["client_secret"] not in listed
    assert "never used" in listed
    assert run("client", "revoke", made["client_id"])[0] == 0
    assert "revoked" in run("client", "list")[1]
    assert run("client", "create", "--as", "nobody@example.com")[0] == 2


def test_why_tells_what_was_promised_about_a_session(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COACHBOT_QUIET_HOURS", "never")
    run("people", "import", write(tmp_path, GOOD))
    with opened_context(read_settings(dict(os.environ)), clock=true_now) as context:
        ids = {each.person.name: each.person.id for each in coaching.members(context)}
        request = coaching.NewAppointment(
            name="Call review",
            description="Two calls",
            starts_at=working_noon(),
            length_minutes=30,
            attendee_ids=[ids["Priya Raman"]],
        )
        grace = coaching.Caller(ids["Grace Okafor"], coaching.Source.REST)
        session = coaching.schedule(context, grace, request)
    code, said, _ = run("why", session.id)
    assert code == 0
    assert said.startswith("“Call review”, ")
    assert "  Priya Raman: News of the session. Due now, and about to be sent.\n" in said
    reminder = "  Priya Raman: Reminder 24 hours before. Will be sent Tue "
    assert re.search(rf"{re.escape(reminder)}.* at 12:00\.\n", said)
    assert run("why", "nothing")[::2] == (
        2,
        "That session isn’t there any more, or it isn’t yours to see.\n",
    )


@pytest.mark.parametrize(
    ("email", "fault", "said"),
    [
        ("alex.morgan@northwind.example", None, "arrived and was read back"),
        (None, None, "Nobody is an administrator yet."),
        ("nobody@example.com", None, "Nobody at work here has the address"),
        ("alex.morgan@northwind.example", ("chat.postMessage", "user_disabled"), "user_disabled"),
        ("alex.morgan@northwind.example", ("chat.postMessage", "ratelimited"), "in a minute"),
        ("alex.morgan@northwind.example", ("conversations.history", "x"), "can’t be read (x)"),
    ],
)
def test_a_probe_goes_all_the_way_or_says_how_far(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    email: str | None,
    fault: tuple[str, str] | None,
    said: str,
) -> None:
    sandbox = Sandbox(
        clock=true_sandbox_clock(), terms=Terms(scopes=tuple(SCOPES))
    ).start_in_thread()
    try:
        monkeypatch.setenv("SLACK_BOT_TOKEN", sandbox.bot_token)
        monkeypatch.setenv("SLACK_APP_TOKEN", sandbox.app_token)
        monkeypatch.setenv("SLACK_API_URL", sandbox.api_url)
        run("db", "upgrade")
        alex = coaching.SlackProfile(
            user_id="U0ALEX", name="Alex", email="alex.morgan@northwind.example"
        )
        with opened_context(read_settings(dict(os.environ)), clock=true_now) as context:
            coaching.register(context, [alex])
        if fault:
            sandbox.faults.add(fault[0], "error", error=fault[1])
        code, words, _ = run("check", "--probe", *(("--to", email) if email else ()))
        messages = sandbox.person("U0ALEX").messages
    finally:
        sandbox.stop()
    assert said in words
    is_good = "read back" in said
    assert code == (0 if is_good else 1)
    arrives = is_good or (fault is not None and fault[0] == "conversations.history")
    assert len(messages) == (1 if arrives else 0)


def test_a_probe_goes_to_an_administrator_by_itself(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox = Sandbox(
        clock=true_sandbox_clock(), terms=Terms(scopes=tuple(SCOPES))
    ).start_in_thread()
    try:
        monkeypatch.setenv("SLACK_BOT_TOKEN", sandbox.bot_token)
        monkeypatch.setenv("SLACK_APP_TOKEN", sandbox.app_token)
        monkeypatch.setenv("SLACK_API_URL", sandbox.api_url)
        run("db", "upgrade")
        with opened_context(read_settings(dict(os.environ)), clock=true_now) as context:
            for user_id, name in (("U0ALEX", "Alex"), ("U0DANA", "Dana")):
                profile = coaching.SlackProfile(
                    user_id=user_id, name=name, email=f"{name.lower()}@example.com"
                )
                coaching.register(context, [profile])
        run("people", "grant", "dana@example.com", "Administrator")
        code, words, _ = run("check", "--probe")
        assert (code, "arrived and was read back" in words) == (0, True)
        [message] = sandbox.person("U0DANA").messages
        assert "This is a trial" in message.words
        assert sandbox.person("U0ALEX").messages == []
    finally:
        sandbox.stop()
