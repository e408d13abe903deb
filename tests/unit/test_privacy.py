import pytest

from assistant.matching import DELETE, KEPT, asks_about_data


def asked(text, content):
    return next((name for name in (KEPT, DELETE) if asks_about_data(text, name, content)), None)


@pytest.mark.parametrize(
    "text",
    [
        "delete my data",
        "Please delete all of my personal data.",
        "please erase everything you've stored about me",
        "can you wipe our conversation?",
        "I want my information removed",
        "delte my data pls",
        "GDPR request: erase all personal data you hold on me",
        "remove all my messages",
        "delete this chat",
        "Lösche meine Daten",
        "bitte alle meine daten loeschen",
        "Ich möchte, dass meine Daten gelöscht werden",
        "Könnt ihr alles löschen, was ihr über mich gespeichert habt?",
        "meine datn löschn",
        "vergiss mich",
        "Chatverlauf löschen bitte",
        "Gemäß Art. 17 DSGVO fordere ich Sie auf, meine personenbezogenen Daten zu löschen.",
    ],
)
def test_a_request_to_delete_is_understood_in_many_words(text, content):
    assert asked(text, content) == DELETE


@pytest.mark.parametrize(
    "text",
    [
        "how long do you keep my data?",
        "How long are my messages stored",
        "when will my data be deleted?",
        "what data do you have about me?",
        "do you store this chat?",
        "Wie lange speichert ihr meine Daten?",
        "wie lange werden die chats aufbewahrt",
        "wann löscht ihr meine Daten?",
        "Was passiert mit meinen Daten?",
        "Werden meine Nachrichten gespeichert?",
    ],
)
def test_a_question_how_long_data_is_kept_is_understood_in_many_words(text, content):
    assert asked(text, content) == KEPT


@pytest.mark.parametrize(
    "text",
    [
        "delete my tenant",
        "delete the contract",
        "how do I delete my subscription data",
        "can you delete the Access ID?",
        "remove the old contract from the list",
        "delete my account",
        "don't delete my data",
        "forget it",
        "start over",
        "How long is the contract kept?",
        "How long does activation take?",
        "When does my contract data appear?",
        "Vertrag löschen",
        "lösche meinen Mandanten",
        "wie lösche ich meine Datei",
        "vergiss es",
        "Unser Datenschützer fragt, ob die Access ID vertraulich ist",
        "Wie lange gilt mein Vertrag?",
    ],
)
def test_other_matters_are_no_request_about_own_data(text, content):
    assert asked(text, content) is None
