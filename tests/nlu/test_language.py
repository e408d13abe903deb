"""Language of a message: strong evidence only where there is some."""

import pytest

from assistant.commands.evaluate import language_counts


def language(parse, text):
    found = [entity for entity in parse(text)["entities"] if entity["entity"] == "language"]
    return (found[0]["value"], found[0]["role"]) if found else None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("how many incidents do we have left this year", "en"),
        ("please tell me where I can find the contract", "en"),
        ("wie viele Incidents haben wir dieses Jahr noch übrig", "de"),
        ("koennen Sie mir bitte sagen wo ich den Vertrag finde", "de"),
        ("Wo finde ich im Partner Center den Activate Button für unsere Benefits?", "de"),
    ],
)
def test_sentences_are_strong_evidence(parse, text, code):
    assert language(parse, text) == (code, "strong")


@pytest.mark.parametrize(
    "text",
    [
        "ok",
        "Gold",
        "Action Pack",
        "Azure",
        "Support for Business",
        "Microsoft Product Support",
        "This Access ID is already associated to an account",
        "Error: You are not authorized for this action",
        "is in azure",
        "Vertrag hinzufügen",
        "New request",
    ],
)
def test_names_short_replies_and_pasted_messages_never_are(parse, text):
    found = language(parse, text)
    assert found is None or found[1] == "weak"


def test_german_words_around_an_english_message_decide(parse):
    text = "Bei uns kommt immer die Meldung: This Access ID is already associated to an account. Was tun?"
    assert language(parse, text) == ("de", "strong")


@pytest.mark.parametrize(
    "text",
    [
        "Status: Your activation request is being processed.",
        "Something went wrong. Please try again later.",
        "Ihre Anmeldung war erfolgreich, aber Sie haben keine Berechtigung.",
    ],
)
def test_text_that_was_copied_from_a_portal_is_only_likely_evidence(parse, text):
    assert language(parse, text)[1] == "likely"


def test_the_assistant_answers_in_the_language_of_the_partner(parse):
    counts = language_counts("final", parse)
    shares = {kind: count["right"] / count["conversations"] for kind, count in counts.items()}
    assert shares["single"] >= 0.99
    assert shares["stays"] >= 0.95
    assert shares["switches"] >= 0.85
