"""Settings: read together, refused together, and never a secret shown."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.environment import SETTINGS
from bot.settings import SettingsError, read_settings


def test_the_defaults_are_what_the_table_says() -> None:
    settings = read_settings({})
    assert settings.database_url == "sqlite:///coachbot.db"
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
