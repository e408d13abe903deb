"""The memory of a conversation."""

import pytest

from assistant.dialogue.conversation import Conversation


@pytest.mark.parametrize(
    "slots",
    [
        {"language": "tlh"},
        {"dialogue": {"topic": "a_topic_of_last_year"}},
        {"guide": {"guide": "a_guide_of_last_year"}},
        {"dialogue": {"paused": {"guide": "a_guide_of_last_year"}}},
    ],
)
def test_what_content_no_longer_has_is_forgotten(content, slots):
    assert Conversation.from_slots(slots, content) == Conversation(content)
