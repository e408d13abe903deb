"""Facts and products in sentences that nobody trained or chose words on."""

import pytest

from assistant.commands.evaluate import entity_scores
from assistant.content import load_content

LANGUAGES = load_content().languages


@pytest.fixture(scope="module")
def scores(parse):
    return entity_scores("final", parse)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "entity", ["membership", "role", "product", "product_family", "competency", "portal", "program", "number"]
)
def test_what_has_a_name_is_recognised(scores, language, entity):
    assert scores[language, entity].f1 >= 0.93


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("entity", ["contract_state", "contract_linked", "support_ids", "request_for"])
def test_what_takes_a_clause_to_state_is_recognised(scores, language, entity):
    assert scores[language, entity].f1 >= 0.8


def test_the_held_out_sentences_hold_every_entity_often(scores):
    for score in scores.values():
        assert score.right + score.missed >= 15
