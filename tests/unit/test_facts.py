import pytest

from assistant.facts import with_implied
from assistant.nlu.facts import FactRecogniser


@pytest.fixture(scope="module")
def recogniser(content):
    return FactRecogniser(content)


def unambiguous(mentions):
    values = {}
    for mention in mentions:
        if not mention.negated:
            values.setdefault(mention.fact, set()).add(mention.value)
    return {fact: found.pop() for fact, found in values.items() if len(found) == 1}


def stated(recogniser, text):
    return {mention.fact: mention.value for mention in recogniser.recognise(text) if mention.stated}


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("we're Gold and the contract expired", {"membership": "gold"}),
        ("Wir haben nur das Action Pack", {"membership": "action_pack"}),
        ("als Silver-Partner", {"membership": "silver"}),
        ("Our silver competency is fine", {"membership": "silver"}),
        ("Gold", {"membership": "gold"}),
        ("Ich bin globaler Administrator", {"role": "global_admin"}),
        ("sind gold und azure meldet einen Fehler", {"membership": "gold", "portal": "azure"}),
        ("wir ham silver und kriegen den Fehler nicht weg", {"membership": "silver"}),
        ("We have Gold, what does it include?", {"membership": "gold"}),
        ("bin administrator agent", {"role": "admin_agent"}),
    ],
)
def test_what_partners_say_of_themselves_is_stated(recogniser, text, facts):
    assert stated(recogniser, text).items() >= facts.items()


@pytest.mark.parametrize(
    "text",
    [
        "Is Gold better than Silver?",
        "How many incidents does the Action Pack include?",
        "Wie viele Incidents sind bei Gold dabei?",
        "Sind Gold-Partner berechtigt?",
    ],
)
def test_a_question_about_a_membership_states_nothing(recogniser, text):
    assert "membership" not in stated(recogniser, text)


def test_an_indirect_question_states_nothing(recogniser):
    assert stated(recogniser, "wir sind gold und ich will wissen ob der vertrag abgelaufen ist") == {
        "membership": "gold"
    }


def test_a_clause_that_is_only_a_name_states_it(recogniser):
    text = "Gold, und dann kommt diese Meldung"
    assert stated(recogniser, text) == {"membership": "gold"}


def test_a_negated_fact_is_not_stated(recogniser):
    mentions = recogniser.recognise("we are not Gold")
    assert [mention.negated for mention in mentions] == [True]
    assert unambiguous(mentions) == {}


def test_two_values_of_a_fact_are_ambiguous(recogniser):
    assert "membership" not in unambiguous(recogniser.recognise("silver or gold"))


def test_the_longest_phrase_wins(recogniser):
    facts = unambiguous(recogniser.recognise("we have a cloud competency"))
    assert facts == {"competency": "cloud"}


def test_small_typos_in_memberships_are_forgiven(recogniser):
    assert unambiguous(recogniser.recognise("we have the acton pack")) == {"membership": "action_pack"}


def test_a_product_implies_its_family(recogniser, content):
    facts = unambiguous(recogniser.recognise("a ticket for Exchange Server 2019"))
    assert with_implied(facts, content) == {"product_family": "on_premises"}
    facts = unambiguous(recogniser.recognise("a ticket for Exchange Online"))
    assert with_implied(facts, content) == {"product_family": "cloud"}


def test_positions_point_into_the_text(recogniser):
    text = "We – as a Gold-Partner – ask"
    (mention,) = recogniser.recognise(text)
    assert text[mention.start : mention.end] == "Gold-Partner"


def test_the_azure_portal_is_for_cloud_products(recogniser, content):
    facts = unambiguous(recogniser.recognise("in azure seh ich den vertrag nicht"))
    assert with_implied(facts, content) == {"portal": "azure", "product_family": "cloud"}
