"""The training data itself, and the checks of it."""

from collections import Counter

import pytest

from assistant import training_data


def test_the_training_data_has_no_problems():
    assert [str(problem) for problem in training_data.check()] == []


def test_every_intent_of_the_contract_has_enough_examples(content):
    counts = Counter((example.language, example.intent) for example in training_data.examples())
    for language in content.languages:
        for topic in content.contract.article_topics:
            assert counts[language, topic] >= 30, (language, topic)
        for intent in set(content.contract.conversation_intents) - {"other_language"}:
            assert counts[language, intent] >= 20, (language, intent)
        assert counts[language, "out_of_scope"] >= 150


@pytest.fixture
def problems_of(tmp_path):
    """What is wrong with examples, given by intent and language."""

    def write(examples, measured=""):
        folder = tmp_path / "data" / "nlu"
        folder.mkdir(parents=True)
        entries = "".join(
            f"  - intent: {intent}\n    metadata:\n      language: {language}\n    examples: |\n"
            + "".join(f"      - {text}\n" for text in texts)
            for (intent, language), texts in examples.items()
        )
        (folder / "all.yml").write_text(f"nlu:\n{entries}", encoding="utf-8")
        (tmp_path / "held_out.jsonl").write_text(measured, encoding="utf-8")
        return [str(problem) for problem in training_data.check(folder, tmp_path)]

    return write


def test_a_text_in_two_intents_is_named_with_file_and_line(problems_of):
    (problem,) = problems_of({("greet", "en"): ["Hello there"], ("goodbye", "en"): ["hello, there!"]})
    assert problem.startswith("data/nlu/all.yml:11: 'hello, there!' stands in greet too")


def test_a_text_that_stands_twice_is_named(problems_of):
    (problem,) = problems_of({("greet", "en"): ["Hello there", "good morning", "hello there"]})
    assert "stands in line 6" in problem


def test_the_same_words_in_another_order_and_intent_are_named(problems_of):
    (problem,) = problems_of(
        {("greet", "en"): ["contract link azure"], ("goodbye", "en"): ["azure link contract"]}
    )
    assert "has the words of" in problem


def test_a_held_out_text_is_named(problems_of):
    measured = '{"text": "where do I find the IDs", "intent": "find_access_id"}\n'
    (problem,) = problems_of({("find_access_id", "en"): ["Where do I find the IDs"]}, measured)
    assert "is held out for measuring" in problem


def test_a_text_in_the_wrong_language_is_named(problems_of):
    (problem,) = problems_of({("greet", "de"): ["how are you today and what is new"]})
    assert "does not look like de" in problem
