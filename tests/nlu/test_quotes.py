"""Pasted error messages and status texts, in every shape."""

import pytest

from assistant.nlu.messages import QuoteFinder

NOT_AUTHORIZED = "error_not_authorized"
NO_BENEFITS = "error_no_benefits"
ASSOCIATED = "error_access_id_associated"

MAIL = """Hello support team,

since yesterday our technician gets the following on {place}:

  [2026-11-20T09:14:22Z] corr=5f3c2a10-91aa-4c1e-8a77-0123456789ab {message} (tenant contoso.onmicrosoft.com)

What shall we do?
Kind regards, Priya"""


@pytest.fixture(scope="module")
def finder(content):
    return QuoteFinder(content)


def test_every_message_is_found_whole_in_every_language(finder, content):
    for name, message in content.messages.items():
        for language, texts in message.texts.items():
            for text in texts:
                quote = finder.find(text)
                assert (quote.message, quote.language) == (name, language)


def test_every_message_is_found_in_upper_case_and_in_a_mail(finder, content):
    for name, message in content.messages.items():
        for texts in message.texts.values():
            for text in texts:
                assert finder.find(text.upper()).message == name
                quote = finder.find(MAIL.format(place="the page", message=text))
                assert quote.message == name


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("This Access ID is already associated to an acc", ASSOCIATED),
        ("this acces id is alredy associated to an acount", ASSOCIATED),
        ("Please contact your Technical Account Manager to obtain", ASSOCIATED),
        ("Diese Zugriffs-ID ist bereits einem Konto", ASSOCIATED),
        ("Wenden Sie sich an Ihren Technischen Konto-Manager", ASSOCIATED),
        ("You are not authorised for this action.", NOT_AUTHORIZED),
        ("you are not autorized for this actoin", NOT_AUTHORIZED),
        ("Sie sind nicht fuer diese Aktion autorisiert!", NOT_AUTHORIZED),
        ("Looks like you dont have any benefits yet", NO_BENEFITS),
        ("Es sieht so aus als ob Sie noch keine Vorteile", NO_BENEFITS),
        ("Would you like to see unavailable support plans ?", "contract_not_visible"),
        ("Do you need to purchase or add more support plans", "link_contract"),
    ],
)
def test_pieces_and_typos_are_found(finder, text, topic):
    assert finder.find(text).topic == topic


@pytest.mark.parametrize(
    "text",
    [
        "my account manager left",
        "Where do I find the Access ID and the Contract ID?",
        "am I allowed to do this",
        "which benefits do we have",
        "Wo finde ich die Zugriffs-ID?",
        "we would like to see our plans",
        "",
        "ok",
    ],
)
def test_other_texts_are_no_quotes(finder, text):
    assert finder.find(text) is None


def test_a_quote_decides_the_intent_whatever_else_is_said(parse):
    parsed = parse(
        "How many incidents do we have left? By the way: This Access ID is already associated to an account."
    )
    assert parsed["intent"]["name"] == ASSOCIATED
