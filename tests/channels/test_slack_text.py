"""Slack's message format as plain text."""

import pytest

from assistant.channels.slack.text import plain_text

READ = {
    "&amp;lt; &lt;tag&gt; &amp;": "&lt; <tag> &",
    "<https://a.example/x?y=1&amp;z=2>": "https://a.example/x?y=1&z=2",
    "see <https://a.example|the page> and <mailto:a@b.example|a@b.example>": "see the page and a@b.example",
    "<mailto:a@b.example> <tel:+49123|0123>": "a@b.example 0123",
    "<@U0BOT> help": "help",
    "<@U0BOT>: help": "help",
    "<@U0BOT|assistant>, help": "help",
    "help <@U0BOT>": "help",
    "ask <@U0X> or <@U0Y|jane>": "ask @user or @jane",
    "<#C01|general> <#C02|> <#C03>": "#general #channel #channel",
    "<!here> <!subteam^S1|@team> <!date^1392734382^{date}|Feb 18>": "@here @team Feb 18",
    ":+1:": "👍",
    ":thumbsup::skin-tone-3:": "👍",
    ":-1:": "👎",
    ":white_check_mark:": "✅",
    "thanks :smile:": "thanks",
    "at 12:30:45 error:abc:def": "at 12:30:45 error:abc:def",
    "  \n": "",
    "a < b": "a < b",
    "<>": "<>",
}


@pytest.mark.parametrize("text, read", READ.items())
def test_slacks_format_is_read_as_what_was_typed(text, read):
    assert plain_text(text, "U0BOT") == read


def test_without_knowing_the_bot_a_mention_is_one_of_somebody():
    assert plain_text("<@U0BOT> help") == "@user help"
