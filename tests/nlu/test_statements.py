"""What takes a clause to state: the contract's state, whether it is linked, the IDs."""

import pytest

from assistant.nlu.statements import StatementExtractor


def statements(parse, text):
    """Each fact with its value and whether it is stated rather than asked."""
    found = [
        entity for entity in parse(text)["entities"] if entity["extractor"] == StatementExtractor.__name__
    ]
    return {entity["entity"]: (entity["value"], entity.get("role") == "stated") for entity in found}


@pytest.mark.parametrize(
    ("text", "fact", "value"),
    [
        ("we're Gold and the contract expired", "contract_state", "expired"),
        ("es ist abgelaufen", "contract_state", "expired"),
        ("the contract is not expired", "contract_state", "valid"),
        ("keine Incidents mehr da", "contract_state", "used_up"),
        ("ich hab zugriffs-id und vertrags-id, wie verknüpfe ich den vertrag?", "support_ids", "at_hand"),
        ("I can't find our Access ID, where is it?", "support_ids", "missing"),
        ("der Vertrag ist noch nicht mit meinem Konto verknüpft", "contract_linked", "not_linked"),
    ],
)
def test_what_partners_say_of_their_contract_is_stated(parse, text, fact, value):
    assert statements(parse, text)[fact] == (value, True)


@pytest.mark.parametrize(
    "text", ["Is the contract expired?", "I want to know whether the contract has expired"]
)
def test_a_question_states_nothing(parse, text):
    assert not any(stated for _, stated in statements(parse, text).values())


@pytest.mark.parametrize(
    "text",
    [
        "How do I link the contract?",
        "Wo finde ich die Zugriffs-ID?",
        "This Access ID is already associated to an account",
        "Who may activate the benefits?",
    ],
)
def test_what_says_nothing_of_the_contract_is_no_statement(parse, text):
    assert statements(parse, text) == {}
