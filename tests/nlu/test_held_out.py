"""The floor under the understanding, on utterances that were never trained or tuned on."""

import json
from collections import Counter

import pytest

from assistant import metrics
from assistant.commands.evaluate import write_results
from assistant.content import load_content

LANGUAGES = load_content().languages


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_article_topics_are_understood(predictions, language):
    figures = metrics.measure(predictions)["languages"][language]["article"]
    assert figures["macro_f1"] >= 0.95
    assert figures["top3"] >= 0.985
    assert figures["false_rejection"] <= 0.03
    assert figures["wrong_of_answered"] <= 0.035
    assert figures["asked_back"] <= 0.12


@pytest.mark.parametrize("language", LANGUAGES)
def test_conversation_is_understood(predictions, language):
    assert metrics.measure(predictions)["languages"][language]["conversation"]["accuracy"] >= 0.93


@pytest.mark.parametrize("language", LANGUAGES)
def test_other_matters_are_not_answered(predictions, language):
    figures = metrics.measure(predictions)["languages"][language]["out_of_scope"]
    assert figures["recall_near"] >= 0.85
    assert figures["recall_far"] >= 0.90


def test_confidence_means_what_it_says(predictions):
    assert metrics.measure(predictions)["all"]["calibration_error"] <= 0.05


def test_pasted_messages_are_recognised(predictions):
    pasted = [line for line in predictions if line.get("style") == "pasted"]
    assert len(pasted) >= 30
    assert [line for line in pasted if line["predicted"] != line["intent"]] == []


def test_the_held_out_set_covers_every_topic_in_both_languages(predictions, content):
    assert len(predictions) >= 1000
    counts = Counter((line["lang"], line["intent"]) for line in predictions)
    for topic in content.topics:
        assert min(counts[language, topic] for language in LANGUAGES) >= 10, topic


def test_results_are_written_in_the_documented_form(predictions, tmp_path):
    write_results(predictions, tmp_path)
    lines = (tmp_path / "predictions.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(predictions)
    assert set(json.loads(lines[0])) == {"text", "lang", "intent", "predicted", "confidence", "top3"}
    assert json.loads((tmp_path / "metrics.json").read_text())["lines"] == len(predictions)
    assert (tmp_path / "confusion.png").stat().st_size > 10_000
    assert "| all |" in (tmp_path / "report.md").read_text(encoding="utf-8")
