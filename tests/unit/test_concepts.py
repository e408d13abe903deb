from assistant.nlu.concepts import with_concepts


def test_words_for_the_same_thing_become_the_same_concepts():
    assert with_concepts("hasn't lapsed").endswith(" _not _over")
    assert with_concepts("isn't really expired").endswith(" _not _over")
    assert with_concepts("ist noch nicht abgelaufen").endswith(" _still _not _over")


def test_a_concept_is_found_in_a_compound():
    assert with_concepts("support-vertrag") == "support-vertrag _contract"


def test_a_clause_stays_first_and_as_it_is():
    assert with_concepts("hello there") == "hello there"
