"""Every way through every guide, in both languages, by pressing buttons over HTTP."""

import pytest

from assistant.content import load_content
from assistant.matching import option_label
from tests.guides.paths import cases
from tests.language_check import foreign_words
from tests.server import Chat

CONTENT = load_content()
START = {
    "en": "please walk me through it step by step",
    "de": "bitte führen Sie mich Schritt für Schritt durch",
}
PROGRESS = {"en": "Step {} of", "de": "Schritt {} von"}


@pytest.mark.parametrize("language", CONTENT.languages)
@pytest.mark.parametrize(
    ("name", "path", "end"),
    [
        pytest.param(*case, id=f"{case[0]}: {' '.join(option for _, option in case[1])} -> {case[2]}")
        for case in cases(CONTENT)
    ],
)
def test_path(assistant, language, name, path, end):
    guide = CONTENT.guides[name]
    chat = Chat(assistant, locale=language)
    chat.say(START[language])
    chat.press(guide.title[language])
    for number, (step_name, option_name) in enumerate(path, 1):
        step = guide.steps[step_name]
        assert PROGRESS[language].format(number) in chat.text
        assert step.text[language].strip() in chat.text
        assert not foreign_words(chat.text, language)
        chat.press(option_label(option_name, step.options[option_name], step, CONTENT, language))
    assert guide.steps[end].text[language].strip() in chat.text
    assert not foreign_words(chat.text, language)
