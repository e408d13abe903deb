"""Free text as an option, on the real guides."""

import pytest

from assistant.matching import match_option


def matched(content, guide, step, text):
    found = match_option(text, content.guides[guide].steps[step], content)
    return found and found.option


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("Action Pack", "action_pack"),
        ("we only have the action-pack", "action_pack"),
        ("we hold gold", "gold"),
        ("wir sind Silber-Partner", "silver"),
        ("the second one", "silver"),
        ("3", "gold"),
        ("not gold", None),
        ("silver or gold?", None),
        ("banana", None),
        ("", None),
    ],
)
def test_memberships_are_understood(content, text, option):
    assert matched(content, "access_id_error", "membership", text) == option


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("nope, never", "not_linked"),
        ("not linked", "not_linked"),
        ("already linked", "linked"),
        ("yes", "linked"),
        ("nee, noch nie", "not_linked"),
        ("ja", "linked"),
        ("keine ahnung", "unknown"),
        ("not sure", "unknown"),
    ],
)
def test_yes_no_and_dont_know_are_understood_in_both_languages(content, text, option):
    assert matched(content, "access_id_error", "contract_linked", text) == option


@pytest.mark.parametrize("text", ["it expired in March", "der ist im März abgelaufen", "it has exspired"])
def test_a_state_in_a_sentence_is_understood_with_typos(content, text):
    assert matched(content, "access_id_error", "contract_state", text) == "expired"


def test_common_replies_do_not_count_in_long_messages(content):
    text = "when I open the page there is no hint at all where this could possibly be"
    assert matched(content, "access_id_error", "contract_linked", text) is None


def test_labels_match_their_own_options_in_every_language(content):
    for guide in content.guides.values():
        for name, step in guide.steps.items():
            for option_name, option in step.options.items():
                labels = option.label or content.facts[step.fact].values[option_name].label
                for label in labels.values():
                    found = match_option(label, step, content)
                    assert found and found.option == option_name, (
                        f"{guide.guide}.{name}: {label!r} -> {found}"
                    )
