"""Language of a message: strong evidence only where there is some."""

import pytest


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
        "is für uns",
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
