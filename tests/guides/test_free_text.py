"""Answers in a partner's own words at every step, written apart from those in content/answers/."""

import json
from pathlib import Path

import pytest

from assistant.options import option_reader

FOLDER = Path(__file__).parent


def measured(content, answers):
    """The shares of answers understood right and wrong."""
    reader = option_reader(content)
    read = [
        (option, reader.read(text, guide, step))
        for place, texts in answers.items()
        for guide, step, option in [place.split(".")]
        for text in texts
    ]
    right = sum(bool(match) and match.option == option for option, match in read)
    wrong = sum(bool(match) and match.option != option for option, match in read)
    return right / len(read), wrong / len(read)


@pytest.mark.parametrize("language", ["en", "de"])
def test_most_answers_are_understood_and_few_are_mistaken(content, language):
    answers = json.loads((FOLDER / f"free_text.{language}.json").read_text(encoding="utf-8"))
    right, wrong = measured(content, answers)
    assert right >= 0.88
    assert wrong <= 0.04


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_measured_answers_cover_every_option(content, language):
    answers = json.loads((FOLDER / f"free_text.{language}.json").read_text(encoding="utf-8"))
    options = {
        f"{guide.guide}.{name}.{option}"
        for guide in content.guides.values()
        for name, step in guide.steps.items()
        for option in step.options
    }
    assert set(answers) == options


@pytest.mark.parametrize(
    "text",
    [
        "who won the match yesterday?",
        "blaue Gurkenschale",
        "do you have a phone number for billing?",
        "lalala",
    ],
)
def test_other_matters_are_rarely_taken_for_an_answer(content, text):
    reader = option_reader(content)
    steps = [
        (guide.guide, name)
        for guide in content.guides.values()
        for name, step in guide.steps.items()
        if not step.is_outcome
    ]
    taken = [place for place in steps if reader.read(text, *place)]
    assert len(taken) <= len(steps) / 5
