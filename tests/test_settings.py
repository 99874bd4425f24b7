"""Settings: read together, refused together, and never a secret shown."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.settings import example_file
from bot.env_file import read_env_file
from bot.environment import SETTINGS, Setting
from bot.settings import SettingsError, read_settings


def test_the_defaults_are_what_the_table_says() -> None:
    settings = read_settings({})
    assert settings.database_url == ""
    assert settings.policy.max_length_minutes == 60
    assert [each.before for each in settings.policy.leads] == [
        timedelta(days=1),
        timedelta(hours=1),
        timedelta(minutes=10),
    ]


def test_every_fault_is_named_at_once() -> None:
    given = {
        "COACHBOT_HORIZON_DAYS": "soon",
        "COACHBOT_REMINDER_LEADS": "1h,tomorrow",
        "COACHBOT_HORIZON": "42",
        "SLACK_BOT_TOKEN": "xapp-wrong-way-round",
    }
    with pytest.raises(SettingsError) as refused:
        read_settings(given)
    assert refused.value.faults == (
        "COACHBOT_HORIZON is not a setting; did you mean COACHBOT_HORIZON_DAYS?",
        "SLACK_BOT_TOKEN must start with xoxb-",
        "COACHBOT_HORIZON_DAYS must be a whole number from 1 to 3,650",
        "COACHBOT_REMINDER_LEADS must be lead times such as 24h,1h,10m",
    )
    assert "xapp-wrong-way-round" not in str(refused.value)


@given(st.sampled_from([each.name for each in SETTINGS]), st.text(max_size=20))
def test_any_value_is_taken_or_refused_by_name(name: str, value: str) -> None:
    faults: tuple[str, ...] = ()
    try:
        read_settings({name: value})
    except SettingsError as refused:
        faults = refused.faults
    assert all(name in fault for fault in faults)


@pytest.mark.parametrize(
    ("address", "is_refused"),
    [
        ("https://slack.example/api/", False),
        ("http://127.0.0.1:8765/api/", False),
        ("http://127.8.9.1/api/", False),
        ("http://localhost:8765/api", False),
        ("http://[::1]:8765/api/", False),
        ("http://slack.example/api/", True),
        ("http://10.0.0.1/api/", True),
        ("http://localhost.example/api/", True),
    ],
)
def test_tokens_are_sent_to_other_machines_in_the_open_only_by_a_word(
    address: str, is_refused: bool
) -> None:
    given = {"SLACK_API_URL": address}
    faults: tuple[str, ...] = ()
    try:
        read_settings(given)
    except SettingsError as refused:
        faults = refused.faults
    assert any("SLACK_API_URL must begin with https://" in each for each in faults) is is_refused
    settings = read_settings(given | {"COACHBOT_SLACK_ALLOW_HTTP": "yes"})
    assert settings.slack_api_url.startswith(address)


SECRET = "q7Zk"
PREFIXES = {"SLACK_BOT_TOKEN": "xoxb-", "SLACK_APP_TOKEN": "xapp-"}


@given(
    st.sampled_from([each.name for each in SETTINGS]),
    st.sampled_from(
        ["{}", "x{}", "xoxb-{} {}", "xoxb {}", "http://[{}]/", "sqlite:///{}", "{}:{}"]
    ),
)
def test_no_complaint_repeats_a_value(name: str, form: str) -> None:
    said = ""
    try:
        read_settings({name: form.replace("{}", SECRET)})
    except SettingsError as refused:
        said = str(refused)
    assert SECRET not in said


def test_secrets_do_not_show() -> None:
    secrets = {
        "SLACK_BOT_TOKEN": "xoxb-secret",
        "SLACK_APP_TOKEN": "xapp-secret",
        "DATABASE_URL": "postgresql://bot:secret@db/coachbot",
    }
    assert "secret" not in repr(read_settings(secrets))


def test_a_process_is_not_taken_for_dead_between_two_beats() -> None:
    given = {"COACHBOT_HEARTBEAT_SECONDS": "40"}
    with pytest.raises(SettingsError, match="must fit twice into COACHBOT_DEAD_AFTER_SECONDS"):
        read_settings(given)
    assert read_settings(given | {"COACHBOT_DEAD_AFTER_SECONDS": "0"}).dead_after_seconds == 0
    assert read_settings(given | {"COACHBOT_DEAD_AFTER_SECONDS": "80"}).heartbeat_seconds == 40


@pytest.mark.parametrize("setting", [each for each in SETTINGS if each.is_secret])
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_secret_may_come_from_a_file(tmp_path: Path, setting: Setting, end: str) -> None:
    path = tmp_path / "secret"
    secret = f"{PREFIXES.get(setting.name, '')}{SECRET}"
    path.write_bytes(f"{secret}{end}".encode())
    read = read_settings({setting.file_name: str(path), setting.name: ""})
    assert getattr(read, setting.name.lower()) == secret
    with pytest.raises(SettingsError) as refused:
        read_settings({setting.file_name: str(path), setting.name: secret})
    assert refused.value.faults == (
        f"{setting.name} and {setting.file_name} are both given; please keep one of them",
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "names a file that can’t be read: No such file or directory"),
        (b"", "names a file that is empty"),
        (b" \n", "names a file that is empty"),
        (b"\xff" + SECRET.encode(), "names a file that is not a text in UTF-8"),
        (SECRET.encode() * 100_000, "names a file that is too large for a secret"),
    ],
)
def test_a_secret_file_that_is_no_use_is_named_without_its_words(
    tmp_path: Path, content: bytes | None, said: str
) -> None:
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingsError) as refused:
        read_settings({"SLACK_SIGNING_SECRET_FILE": str(path)})
    assert refused.value.faults == (f"SLACK_SIGNING_SECRET_FILE {said}",)


def test_a_wrong_token_in_a_file_is_not_repeated(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(SECRET)
    with pytest.raises(SettingsError) as refused:
        read_settings({"SLACK_BOT_TOKEN_FILE": str(tmp_path / "secret")})
    assert refused.value.faults == ("SLACK_BOT_TOKEN must start with xoxb-",)


def test_only_secrets_come_from_files() -> None:
    with pytest.raises(SettingsError, match="COACHBOT_THREADS_FILE is not a setting"):
        read_settings({"COACHBOT_THREADS_FILE": "/run/threads"})


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "settings.env"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_file_of_settings_is_read_as_it_stands(tmp_path: Path) -> None:
    text = (
        "\ufeff# a comment\n\nexport SLACK_BOT_TOKEN='xoxb-1'  # and another\n"
        'DATABASE_URL=postgresql://bot:p$a${HOME}s@db/coachbot\nCOACHBOT_HOME_DIVISION="Köln"\n'
        "COACHBOT_API_URL=\n"
    )
    assert read_env_file(write(tmp_path, text)).values == {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "DATABASE_URL": "postgresql://bot:p$a${HOME}s@db/coachbot",
        "COACHBOT_HOME_DIVISION": "Köln",
        "COACHBOT_API_URL": "",
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"A=1\n\n{SECRET}\n", ", line 3 has no “=”; write it as NAME=value."),
        (f"A=1\nB='{SECRET}\n", ", line 2 can’t be understood; write it as NAME=value."),
        (f"{SECRET} {SECRET}\n", ", line 1 can’t be understood; write it as NAME=value."),
        (f"'A B'={SECRET}", ", line 1 does not begin with the name of a setting."),
        (f"A={SECRET}\0", ", line 1 holds a character that no setting can hold."),
        (b"A=\xff" + SECRET.encode(), " is not a text in UTF-8."),
    ],
)
def test_a_fault_in_a_file_names_file_and_line(
    tmp_path: Path, text: str | bytes, said: str
) -> None:
    path = write(tmp_path, text)
    with pytest.raises(SettingsError) as refused:
        read_env_file(path)
    assert refused.value.faults == (f"{path}{said}",)


def test_a_wrong_value_in_a_file_names_file_and_line(tmp_path: Path) -> None:
    path = write(tmp_path, "\n# soon\nCOACHBOT_THREADS=many\nCOACHBOT_THREAD=3\n")
    found = read_env_file(path)
    with pytest.raises(SettingsError) as refused:
        read_settings(found.values, found.places)
    assert refused.value.faults == (
        f"{path}, line 4: COACHBOT_THREAD is not a setting; did you mean COACHBOT_THREADS?",
        f"{path}, line 3: COACHBOT_THREADS must be a whole number from 1 to 200",
    )


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nothing\.env can’t be read: No such file"):
        read_env_file(tmp_path / "nothing.env")


def test_the_example_sets_nothing_and_every_line_of_it_can_be_set(tmp_path: Path) -> None:
    assert read_env_file(write(tmp_path, example_file())).values == {}
    lines = example_file().splitlines()
    bare = [each[1:] for each in lines if each.startswith("#") and each[1:2].isupper()]
    found = read_env_file(write(tmp_path, "\n".join(bare)))
    assert list(found.values) == [each.name for each in SETTINGS]
    assert read_settings(found.values) == read_settings({})
