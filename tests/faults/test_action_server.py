"""The action server is down, slow or answers rubbish: a partner reads so, and loses nothing."""

import pytest

from tests.server import Chat

FAULTS = ["down", "500", "html", "bad_json", "wrong_shape", "hangs"]
APOLOGY = {"en": "Something went wrong on my side", "de": "Bei mir ist leider etwas schiefgegangen"}
ERROR = {
    "en": "This Access ID is already associated to an account",
    "de": "Diese Zugriffs-ID ist bereits einem Konto zugeordnet",
}
START = {"en": "Walk me through it", "de": "Schritt für Schritt"}
AGAIN = {"en": "Try again", "de": "Noch einmal versuchen"}


def in_guide(rasa, language):
    chat = Chat(rasa)
    chat.say(ERROR[language])
    chat.press(START[language])
    return chat


def acted(rasa, chat):
    """The actions that the conversation says were run, without those of Rasa itself."""
    named = (event.get("name") for event in rasa.events(chat.sender) if event["event"] == "action")
    return [name for name in named if name not in ("action_listen", "action_session_start")]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_partner_reads_an_apology_and_goes_on_where_they_were(rasa, actions, fault):
    chat = in_guide(rasa, "en")
    run = acted(rasa, chat)
    actions.set(fault)
    (reply,) = chat.say("we are Gold")
    assert APOLOGY["en"] in reply["text"]
    assert "https://partner.microsoft.com/support" in reply["text"]
    assert acted(rasa, chat) == run
    actions.set(None)
    chat.press(AGAIN["en"])
    assert "Step 2 of" in chat.text


def test_the_apology_is_in_the_language_of_the_conversation(rasa, actions):
    chat = in_guide(rasa, "de")
    actions.set("500")
    assert APOLOGY["de"] in chat.say("Gold")[0]["text"]
    actions.set(None)
    chat.press(AGAIN["de"])
    assert "Schritt 2 von" in chat.text


def test_the_first_message_of_a_conversation_gets_an_apology_too(rasa, actions):
    chat = Chat(rasa, locale="de-DE")
    actions.set("down")
    assert APOLOGY["de"] in chat.say("Hallo")[0]["text"]
    actions.set(None)
    assert "Guten Tag" in chat.press(AGAIN["de"])[0]["text"]


def test_a_button_that_failed_can_be_pressed_again(rasa, actions):
    chat = Chat(rasa)
    chat.say(ERROR["en"])
    actions.set("500")
    chat.press(START["en"])
    actions.set(None)
    assert "Step 1 of" in chat.press(AGAIN["en"])[0]["text"]


def test_the_apology_is_part_of_the_history(rasa, actions):
    chat = in_guide(rasa, "en")
    actions.set("bad_json")
    chat.say("we are Gold")
    said = [event["text"] for event in rasa.events(chat.sender) if event["event"] == "bot"]
    assert APOLOGY["en"] in said[-1]


def test_nothing_that_a_partner_wrote_is_in_the_log(rasa, actions):
    chat = in_guide(rasa, "en")
    for fault in FAULTS[:-1]:
        actions.set(fault)
        chat.say("xylophone is our secret")
        actions.set(None)
    assert "Action action_" in rasa.output
    assert "xylophone" not in rasa.output
