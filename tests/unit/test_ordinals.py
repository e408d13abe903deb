import pytest

from assistant.ordinals import position


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("2", 1),
        ("the first one", 0),
        ("third one please", 2),
        ("Nummer 3", 2),
        ("die fünfte", 4),
        ("die letzte bitte", 6),
        ("7", 6),
        ("8", None),
        ("0", None),
        ("the first one did not work", None),
        ("20 incidents", None),
        ("", None),
    ],
)
def test_a_text_names_one_of_seven_positions_or_none(text, index):
    assert position(text, 7) == index


def test_there_is_no_position_among_nothing():
    assert position("1", 0) is None
