import random

from assistant.nlu.typos import with_typos

TEXT = "how many incidents are left in our support contract"


def test_the_same_chance_makes_the_same_errors():
    assert with_typos(TEXT, 0.5, random.Random(1)) == with_typos(TEXT, 0.5, random.Random(1))


def test_short_words_stay_and_long_ones_are_changed_a_little():
    for before, after in zip(TEXT.split(), with_typos(TEXT, 1.0, random.Random(2)).split(), strict=True):
        assert abs(len(after) - len(before)) <= 1
        assert len(before) >= 4 or after == before


def test_no_share_changes_nothing():
    assert with_typos(TEXT, 0.0, random.Random(3)) == TEXT
