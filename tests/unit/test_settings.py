from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.settings import ChannelOffError, SettingsError, WebSettings, overview, retention_days
from assistant.settings.own_secret import own_secret


def test_the_widget_is_off_in_production_without_a_secret():
    with pytest.raises(ChannelOffError, match="WEB_SECRET"):
        WebSettings.from_environment({"PRODUCTION": "1"})


def test_a_short_secret_is_refused():
    with pytest.raises(SettingsError, match="at least 32"):
        WebSettings.from_environment({"WEB_SECRET": "short"})


def test_origins_are_read_from_a_list():
    variables = {"WEB_SECRET": "s" * 32, "WEB_ORIGINS": "https://a.example, http://localhost:8080"}
    assert WebSettings.from_environment(variables).origins == {"https://a.example", "http://localhost:8080"}


@pytest.mark.parametrize("origin", ["*", "a.example", "https://a.example/", "https://", "ftp://a.example"])
def test_what_is_no_origin_is_refused_with_an_example(origin):
    with pytest.raises(SettingsError, match=r"https://www\.example\.com"):
        WebSettings.from_environment({"WEB_SECRET": "s" * 32, "WEB_ORIGINS": origin})


def test_an_own_secret_is_kept_and_readable_by_its_owner_only(tmp_path):
    file = tmp_path / "var" / "web.secret"
    secret = own_secret(file)
    assert len(secret) >= 32
    assert own_secret(file) == secret
    assert file.stat().st_mode & 0o077 == 0


def test_the_overview_says_where_each_channel_is_or_why_it_is_off():
    lines = overview("http://127.0.0.1:5005", {"WEB_SECRET": "s" * 32})
    assert lines[0] == "Website widget: http://127.0.0.1:5005/chat/"
    assert lines[1].startswith("Microsoft Teams: off, set TEAMS_APP_ID")
    assert lines[2].startswith("Slack: off, set SLACK_BOT_TOKEN")


def test_two_processes_that_make_a_secret_at_once_have_the_same(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        for number in range(50):
            made = list(pool.map(own_secret, [tmp_path / f"{number}.secret"] * 8))
            assert len(set(made)) == 1
            assert len(made[0]) >= 32


def test_conversations_are_kept_for_thirty_days_unless_configured():
    assert retention_days({}) == 30
    assert retention_days({"RETENTION_DAYS": "0"}) == 0


@pytest.mark.parametrize("value", ["forever", "-1", "1.5"])
def test_a_retention_that_is_no_number_of_days_stops_the_start(value):
    with pytest.raises(SettingsError, match=f"RETENTION_DAYS={value}"):
        overview("http://127.0.0.1:5005", {"RETENTION_DAYS": value})


def test_the_overview_says_when_the_storage_of_the_rate_limit_is_away():
    variables = {"WEB_SECRET": "s" * 32, "RATE_LIMIT_STORAGE": "redis://:secret@127.0.0.1:1"}
    assert overview("http://127.0.0.1:5005", variables)[4:] == [
        "RATE_LIMIT_STORAGE cannot be reached. Until it can, each server counts messages for itself."
    ]


@pytest.mark.parametrize(
    "variables, end",
    [
        (
            {
                "TEAMS_APP_ID": "11111111-2222-3333-4444-555555555555",
                "TEAMS_APP_PASSWORD": "a secret",
                "TEAMS_TENANT_ID": "multi",
            },
            "",
        ),
        ({"TEAMS_NO_AUTH": "1"}, ", without authentication, for tests only"),
    ],
)
def test_the_overview_says_whether_teams_is_authenticated(variables, end):
    lines = overview("http://127.0.0.1:5005", {"WEB_SECRET": "s" * 32, **variables})
    assert lines[1] == f"Microsoft Teams: http://127.0.0.1:5005/webhooks/teams/webhook{end}"


SLACK_AT = "http://127.0.0.1:5005/webhooks/slack/webhook"
BOT, APP = {"SLACK_BOT_TOKEN": "xoxb-1"}, {"SLACK_APP_TOKEN": "xapp-1"}
SIGNING = {"SLACK_SIGNING_SECRET": "0123456789abcdef" * 2}


@pytest.mark.parametrize(
    "variables, ways",
    [
        ({**BOT, **SIGNING}, SLACK_AT),
        ({**BOT, **APP}, "Socket Mode."),
        ({**BOT, **SIGNING, **APP}, f"Socket Mode, and {SLACK_AT}"),
    ],
)
def test_the_overview_names_the_ways_that_lead_to_slack_and_no_others(variables, ways):
    lines = overview("http://127.0.0.1:5005", {"WEB_SECRET": "s" * 32, **variables})
    assert lines[2] == f"Slack: {ways}"
