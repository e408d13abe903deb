"""Which variables turn Slack on, and the manifest that fits them."""

from __future__ import annotations

import re

import pytest
import yaml

from assistant.commands.environment import ROOT
from assistant.settings import ChannelOffError, SettingsError, SlackSettings

BOT_TOKEN, APP_TOKEN = "xoxb-111-222-HIDDEN", "xapp-1-A0111-222-HIDDEN"
SIGNING_SECRET = "0123456789abcdefABCDEF0123456789"
HTTP = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_SIGNING_SECRET": SIGNING_SECRET}
SOCKET = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN}


@pytest.mark.parametrize(
    "variables, missing",
    [
        ({}, "SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET"),
        ({"SLACK_BOT_TOKEN": BOT_TOKEN}, "SLACK_SIGNING_SECRET"),
        ({"SLACK_SIGNING_SECRET": SIGNING_SECRET}, "SLACK_BOT_TOKEN"),
        ({"SLACK_APP_TOKEN": APP_TOKEN}, "SLACK_BOT_TOKEN"),
        ({**HTTP, "SLACK_BOT_TOKEN": " "}, "SLACK_BOT_TOKEN"),
    ],
)
def test_without_its_tokens_slack_is_off_and_says_what_is_missing(variables, missing):
    with pytest.raises(ChannelOffError, match=missing):
        SlackSettings.from_environment(variables)


def test_slack_is_on_over_http_or_socket_mode():
    assert SlackSettings.from_environment(HTTP).app_token is None
    assert SlackSettings.from_environment(SOCKET).signing_secret is None
    assert SlackSettings.from_environment(HTTP).api_url == "https://slack.com/api/"
    assert SlackSettings.from_environment({**HTTP, "SLACK_TEAMS": "T1, E2 T3"}).teams == {"T1", "E2", "T3"}


@pytest.mark.parametrize(
    "variables",
    [
        {"SLACK_TEAMS": "contoso"},
        {"SLACK_TEAMS": "T1; T2"},
        {"SLACK_TEAMS": " , "},
        {"SLACK_TEAMS": " "},
        {"SLACK_API_URL": "http://slack.example/api/"},
        {"SLACK_API_URL": "slack.com"},
        {"SLACK_API_URL": "https://slack.example/api/", "PRODUCTION": "1"},
    ],
)
def test_values_that_cannot_be_used_are_refused_with_the_name_of_the_variable(variables):
    with pytest.raises(SettingsError, match=next(iter(variables))):
        SlackSettings.from_environment({**HTTP, **variables})


@pytest.mark.parametrize(
    "name, value, said",
    [
        ("SLACK_BOT_TOKEN", "xoxp-1-HIDDEN", "has to be a bot token: xoxb-, then letters, digits and dashes"),
        ("SLACK_BOT_TOKEN", "xoxb-", "has to be a bot token"),
        ("SLACK_BOT_TOKEN", "xoxb-...", "has to be a bot token"),
        ("SLACK_BOT_TOKEN", "xoxb-HIDDENä", "has to be a bot token"),
        ("SLACK_BOT_TOKEN", f'"{BOT_TOKEN}"', "It contains quotes."),
        ("SLACK_BOT_TOKEN", f"{BOT_TOKEN} {BOT_TOKEN}", "It contains spaces."),
        ("SLACK_BOT_TOKEN", f"{BOT_TOKEN}\nHIDDEN", "It contains spaces."),
        ("SLACK_APP_TOKEN", "xapp-", "has to be an app-level token: xapp-, then letters"),
        ("SLACK_APP_TOKEN", f"'{APP_TOKEN}'", "It contains quotes."),
        ("SLACK_SIGNING_SECRET", "HIDDEN", "has to be a signing secret: 32 digits and letters from a to f"),
        ("SLACK_SIGNING_SECRET", SIGNING_SECRET[1:], "It has 31 characters."),
        ("SLACK_SIGNING_SECRET", f"“{SIGNING_SECRET}”", "It contains quotes."),
        ("SLACK_SIGNING_SECRET", "HIDDEN" + "g" * 26, "has to be a signing secret"),
    ],
)
def test_a_secret_that_is_none_is_refused_with_what_is_wrong_but_not_shown(name, value, said):
    with pytest.raises(SettingsError, match=re.escape(said)) as refused:
        SlackSettings.from_environment({**HTTP, **SOCKET, name: value})
    assert str(refused.value).startswith(f"{name} has to be")
    assert "docs/slack.md" in str(refused.value)
    _assert_hidden(refused.value)


@pytest.mark.parametrize(
    "variables, said",
    [
        (
            {"SLACK_BOT_TOKEN": SIGNING_SECRET, "SLACK_SIGNING_SECRET": BOT_TOKEN},
            "SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET are swapped",
        ),
        (
            {"SLACK_BOT_TOKEN": APP_TOKEN, "SLACK_APP_TOKEN": BOT_TOKEN},
            "SLACK_BOT_TOKEN and SLACK_APP_TOKEN are swapped",
        ),
        (
            {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_SIGNING_SECRET": APP_TOKEN},
            "SLACK_SIGNING_SECRET holds an app-level token, which belongs in SLACK_APP_TOKEN",
        ),
    ],
)
def test_secrets_in_each_others_place_are_named(variables, said):
    with pytest.raises(SettingsError, match=said) as refused:
        SlackSettings.from_environment(variables)
    _assert_hidden(refused.value)


def test_spaces_around_a_secret_do_not_matter():
    padded = {name: f" {value}\n" for name, value in {**HTTP, **SOCKET}.items()}
    assert SlackSettings.from_environment(padded) == SlackSettings.from_environment({**HTTP, **SOCKET})


def test_secrets_are_not_shown():
    _assert_hidden(repr(SlackSettings.from_environment({**HTTP, **SOCKET})))


def _assert_hidden(text: object) -> None:
    for secret in ("HIDDEN", SIGNING_SECRET[1:]):
        assert secret not in str(text)


def test_the_manifest_asks_for_what_the_channel_uses_and_no_more():
    manifest = yaml.safe_load((ROOT / "docs" / "slack" / "manifest.yml").read_text(encoding="utf-8"))
    settings, features = manifest["settings"], manifest["features"]
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == {
        *("app_mentions:read", "chat:write", "commands", "im:history", "im:write", "users:read"),
    }
    assert set(settings["event_subscriptions"]["bot_events"]) == {
        *("app_home_opened", "app_mention", "message.im"),
    }
    urls = {
        settings["event_subscriptions"]["request_url"],
        settings["interactivity"]["request_url"],
        features["slash_commands"][0]["url"],
    }
    assert len(urls) == 1
    assert urls.pop().endswith("/webhooks/slack/webhook")
    assert features["slash_commands"][0]["command"] == "/partnersupport"
    assert features["app_home"]["messages_tab_enabled"]
    assert not features["app_home"]["messages_tab_read_only_enabled"]
    assert {shortcut["type"] for shortcut in features["shortcuts"]} == {"global", "message"}
    assert all(len(shortcut["name"]) <= 24 for shortcut in features["shortcuts"])
    assert len(manifest["display_information"]["name"]) <= 35
    assert len(manifest["display_information"]["description"]) <= 140
