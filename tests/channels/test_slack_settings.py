"""Which variables turn Slack on, and the manifest that fits them."""

from __future__ import annotations

import pytest
import yaml

from assistant.channel_settings import ChannelOffError, SettingsError, SlackSettings
from assistant.commands.environment import ROOT

HTTP = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}
SOCKET = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}


@pytest.mark.parametrize(
    "variables, missing",
    [
        ({}, "SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_SIGNING_SECRET"),
        ({"SLACK_SIGNING_SECRET": "s"}, "SLACK_BOT_TOKEN"),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN"),
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
        {**HTTP, "SLACK_BOT_TOKEN": "xoxp-1"},
        {**HTTP, "SLACK_BOT_TOKEN": "xoxb-1 xoxb-2"},
        {**HTTP, "SLACK_BOT_TOKEN": "xoxb-ä"},
        {**SOCKET, "SLACK_APP_TOKEN": "xoxb-1"},
        {**HTTP, "SLACK_TEAMS": "contoso"},
        {**HTTP, "SLACK_API_URL": "http://slack.example/api/"},
        {**HTTP, "SLACK_API_URL": "slack.com"},
    ],
)
def test_values_that_cannot_be_used_are_refused_with_the_name_of_the_variable(variables):
    with pytest.raises(SettingsError, match="SLACK_"):
        SlackSettings.from_environment(variables)


def test_tokens_are_not_shown():
    assert "x" not in repr(SlackSettings.from_environment({**HTTP, **SOCKET})).replace("api_url", "")


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
