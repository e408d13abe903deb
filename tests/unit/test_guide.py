"""The interpreter of guides, on a small guide of its own."""

import pytest

from assistant import guide as guides
from assistant.content.model import Guide
from assistant.guide import GuideState

TEXT = {"en": "text", "de": "Text"}


def option(to, label=True):
    return {"label": TEXT, "next": to} if label else {"next": to}


@pytest.fixture
def guide():
    """membership (fact) -> contract (fact) or do -> done; Action Pack ends at once."""
    end = {"outcome": TEXT, "status": "resolved", "source": "roles"}
    return Guide.parse_obj(
        {
            "guide": "small",
            "title": TEXT,
            "topic": "topic",
            "start": "membership",
            "steps": {
                "membership": {
                    "ask": TEXT,
                    "fact": "membership",
                    "options": {
                        "action_pack": option("end", label=False),
                        "gold": option("contract", label=False),
                    },
                },
                "contract": {
                    "ask": TEXT,
                    "fact": "contract",
                    "options": {"valid": option("do", label=False), "unknown": option("do")},
                },
                "do": {"do": TEXT, "options": {"done": option("end"), "different": option("end")}},
                "end": end,
            },
        }
    )


def walk(guide, *choices, facts=None):
    state, facts = GuideState("small"), dict(facts or {})
    for choice in choices:
        position = guides.locate(guide, state, facts)
        state = guides.show(state, position)
        state, facts = guides.choose(guide, state, facts, position.name, choice)
    position = guides.locate(guide, state, facts)
    return guides.show(state, position), facts, position


def test_a_guide_starts_at_its_first_step(guide):
    _, _, position = walk(guide)
    assert (position.name, position.number, position.total) == ("membership", 1, 3)


def test_progress_counts_the_steps_that_are_shown(guide):
    _, _, position = walk(guide, "gold")
    assert (position.name, position.number, position.total) == ("contract", 2, 3)


def test_an_answer_to_a_fact_step_becomes_a_fact(guide):
    _, facts, _ = walk(guide, "gold")
    assert facts == {"membership": "gold"}


def test_an_option_that_is_no_value_is_an_answer_and_no_fact(guide):
    state, facts, _ = walk(guide, "gold", "unknown")
    assert facts == {"membership": "gold"}
    assert state.answers == {"contract": "unknown"}


def test_a_known_fact_skips_its_question_and_shortens_the_progress(guide):
    _, _, position = walk(guide, facts={"membership": "gold"})
    assert (position.name, position.number, position.total) == ("contract", 1, 2)


def test_a_known_fact_that_is_no_option_is_asked(guide):
    _, _, position = walk(guide, facts={"membership": "silver"})
    assert position.name == "membership"


def test_every_path_ends_in_an_outcome(guide):
    assert walk(guide, "action_pack")[2].step.is_outcome
    assert walk(guide, "gold", "valid", "done")[2].step.is_outcome


def test_back_returns_to_the_step_before_and_asks_it_again(guide):
    state, facts, _ = walk(guide, "gold", "valid")
    state, facts = guides.back(guide, state, facts)
    assert guides.locate(guide, state, facts).name == "contract"
    assert facts == {"membership": "gold"}


def test_back_passes_steps_that_were_skipped(guide):
    state, facts, _ = walk(guide, "gold", facts={"contract": "valid"})
    state, facts = guides.back(guide, state, facts)
    assert guides.locate(guide, state, facts).name == "membership"
    assert facts == {"contract": "valid"}


def test_back_at_the_first_shown_step_asks_the_skipped_one(guide):
    state, facts, _ = walk(guide, facts={"membership": "gold"})
    state, facts = guides.back(guide, state, facts)
    assert guides.locate(guide, state, facts).name == "membership"


def test_back_at_the_first_step_is_not_possible(guide):
    state, facts, _ = walk(guide)
    assert guides.back(guide, state, facts) is None


def test_a_correction_walks_again_from_the_step_that_depends_on_it(guide):
    state, facts, _ = walk(guide, "gold", "valid")
    state, facts = guides.correct(guide, state, facts, {"membership": "action_pack"})
    assert guides.locate(guide, state, facts).step.is_outcome


def test_a_correction_keeps_later_facts_and_repeats_instructions(guide):
    state, facts, _ = walk(guide, "gold", "valid", "done")
    state, facts = guides.correct(guide, state, facts, {"membership": "gold"})
    position = guides.locate(guide, state, facts)
    assert position.name == "do"
    assert facts == {"membership": "gold", "contract": "valid"}


def test_a_correction_replaces_an_answer_that_was_no_fact(guide):
    state, facts, _ = walk(guide, "gold", "unknown")
    state, facts = guides.correct(guide, state, facts, {"contract": "valid"})
    assert facts["contract"] == "valid"
    assert "contract" not in state.answers


def test_an_earlier_step_can_be_answered_again(guide):
    state, facts, _ = walk(guide, "gold", "valid", "done")
    state, facts = guides.choose(guide, state, facts, "membership", "action_pack")
    assert facts["membership"] == "action_pack"
    assert guides.locate(guide, state, facts).path == (("membership", "action_pack"),)


def test_an_unknown_option_is_an_error(guide):
    state, facts, _ = walk(guide)
    with pytest.raises(guides.UnknownOptionError):
        guides.choose(guide, state, facts, "membership", "platinum")


def test_misses_are_counted_and_forgotten_after_an_answer(guide):
    state, facts, position = walk(guide)
    state = guides.missed(guides.missed(state))
    assert state.misses == 2
    state, _ = guides.choose(guide, state, facts, position.name, "gold")
    assert state.misses == 0


def test_a_state_survives_being_stored(guide):
    state, _, _ = walk(guide, "gold", "unknown")
    assert GuideState.from_dict(state.as_dict()) == state


def test_the_interpreter_changes_nothing_it_is_given(guide):
    state, facts = GuideState("small"), {"contract": "valid"}
    guides.choose(guide, state, facts, "membership", "gold")
    guides.correct(guide, state, facts, {"membership": "gold"})
    assert (state, facts) == (GuideState("small"), {"contract": "valid"})
