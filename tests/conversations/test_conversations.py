"""The scenarios in the YAML files beside this one, over the real HTTP channel.

- name: a sentence about behaviour
  language: en            # of every reply in the scenario; leave it out where it changes
  locale: de-DE           # optional: what the channel knows about the partner
  turns:
    - user: what the partner types
      says: [texts that occur in the replies]
      never: [texts that do not]
      offers: [titles of buttons]
    - press: title of a button in the last replies
    - expire: true        # the session expires before the next message
"""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.language_check import foreign_words
from tests.server import Chat

SCENARIOS = [
    pytest.param(scenario, id=f"{path.stem}: {scenario['name']}")
    for path in sorted(Path(__file__).parent.glob("*.yml"))
    for scenario in YAML(typ="safe").load(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_scenario(scenario, assistant):
    chat = Chat(assistant, locale=scenario.get("locale"))
    for turn in scenario["turns"]:
        _play(turn, chat)
        if "language" in scenario and not turn.get("expire"):
            assert not foreign_words(chat.text, scenario["language"]), chat.text


def _play(turn, chat):
    if turn.get("expire"):
        chat.assistant.expire_session(chat.sender)
        return
    if "press" in turn:
        chat.press(turn["press"])
    else:
        chat.say(turn["user"] * turn.get("times", 1))
    for text in turn.get("says", []):
        assert text.lower() in chat.text.lower(), f"{text!r} is not in:\n{chat.text}"
    for text in turn.get("never", []):
        assert text.lower() not in chat.text.lower(), f"{text!r} is in:\n{chat.text}"
    titles = [button["title"] for button in chat.buttons]
    for title in turn.get("offers", []):
        assert title in titles, f"no button {title!r} among {titles} under:\n{chat.text}"


def test_there_are_at_least_sixty_scenarios_in_both_languages():
    languages = [scenario.values[0].get("language") for scenario in SCENARIOS]
    assert len(SCENARIOS) >= 60
    assert min(languages.count("en"), languages.count("de")) >= 25
