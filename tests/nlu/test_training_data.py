"""The training data itself."""

from collections import Counter

from ruamel.yaml import YAML

from assistant.commands.environment import ROOT


def examples():
    """Language, intent and text of every example."""
    for path in sorted((ROOT / "data" / "nlu").glob("*/*.yml")):
        for entry in YAML(typ="safe").load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in entry["examples"].splitlines():
                yield entry["metadata"]["language"], entry["intent"], line.removeprefix("- ").strip()


def test_every_intent_of_the_contract_has_enough_examples(content):
    counts = Counter((language, intent) for language, intent, _ in examples())
    for language in content.languages:
        for topic in content.contract.article_topics:
            assert counts[language, topic] >= 30, (language, topic)
        for intent in content.contract.conversation_intents:
            if intent != "other_language":
                assert counts[language, intent] >= 20, (language, intent)
        assert counts[language, "out_of_scope"] >= 150


def test_no_text_stands_in_two_intents():
    intents = {}
    for _, intent, text in examples():
        intents.setdefault(text.lower(), set()).add(intent)
    assert {text: found for text, found in intents.items() if len(found) > 1} == {}


def test_no_text_stands_twice():
    counts = Counter((language, text.lower()) for language, _, text in examples())
    assert [key for key, count in counts.items() if count > 1] == []
