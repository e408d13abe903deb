"""Long random conversations: whatever partners type or press, there is a sensible reply."""

import random

import pytest
from ruamel.yaml import YAML

from assistant.commands.environment import ROOT
from tests.server import Chat

ODD = [
    "", " ", "🙂", "\0\x07", "<b>Gold</b>", "/", "/restart", "/inform{}", '/inform{"option": "a.b.c"}',
    '/next_step{"guide": "nowhere"}', "%s {0} {x} ${HOME}", "'; DROP TABLE events; --", "\u202egold",
    "ﷺ" * 50,
    "a" * 1999, "x " * 2000, "{{7*7}}", "[link](javascript:alert(1))", "привет", "你好", "1", "2", "99", "-1",
]  # fmt: skip


@pytest.fixture(scope="module")
def utterances():
    texts = []
    for path in sorted((ROOT / "data" / "nlu").glob("*/*.yml")):
        for entry in YAML(typ="safe").load(path.read_text(encoding="utf-8"))["nlu"]:
            texts += [line.removeprefix("- ") for line in entry["examples"].splitlines()[::7]]
    return texts


@pytest.mark.parametrize("seed", range(25))
def test_a_random_conversation_is_never_silent_and_never_fails(assistant, content, utterances, seed):
    chance = random.Random(seed)
    chat = Chat(assistant, locale=chance.choice(["de", "en", None]))
    apologies = content.phrases["trouble"].values()
    old_buttons = []
    for _ in range(30):
        choices = [chance.choice(utterances), chance.choice(ODD)]
        if chat.buttons:
            old_buttons += chat.buttons
            choices += [chance.choice(chat.buttons)["payload"]] * 4 + [chance.choice(old_buttons)["payload"]]
        message = chance.choice(choices)
        chat.say(message)
        assert all(reply["text"].strip() for reply in chat.replies), message
        assert not any(text.strip() in chat.text for text in apologies), message
        titles = [button["title"] for button in chat.buttons]
        assert all(title and len(title) <= 75 for title in titles), message
