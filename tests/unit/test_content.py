"""Content of our own, and every kind of mistake that an editor can make."""

import re
import shutil

import pytest

from assistant.content import ContentError, load_content
from assistant.content.loader import CONTENT_DIR
from assistant.content.validation import check
from tests.language_check import foreign_words


@pytest.fixture
def copy(tmp_path):
    """A copy of the content that a test may spoil."""
    root = tmp_path / "content"
    shutil.copytree(CONTENT_DIR, root)
    return root


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def line_of(path, text):
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def messages(root):
    return [str(problem) for problem in check(root)]


def test_our_content_is_fine():
    assert messages(CONTENT_DIR) == []


def test_every_topic_of_the_contract_is_answered(content):
    assert set(content.topics) == set(content.contract.article_topics)
    assert len(content.topics) == 21


def test_a_missing_language_is_named_with_its_line(copy):
    path = copy / "topics" / "share_contract.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"title:\n  en: .*\n", "title:\n", text), encoding="utf-8")
    (message,) = messages(copy)
    assert message.startswith(f"content/topics/share_contract.yml:{line_of(path, 'title:')}: ")
    assert "English" in message


def test_an_unknown_topic_is_named_with_its_line(copy):
    path = copy / "topics" / "share_contract.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"related: .*", "related: [nowhere]", text), encoding="utf-8")
    (message,) = messages(copy)
    assert message == (
        f"content/topics/share_contract.yml:{line_of(path, 'related')}: the topic 'nowhere' does not exist"
    )


def test_an_unknown_guide_is_named(copy):
    edit(copy / "topics" / "link_contract.yml", "guide: link_contract", "guide: no_such_guide")
    assert any("the guide 'no_such_guide' does not exist" in message for message in messages(copy))


def test_an_unreachable_step_is_named_with_its_line(copy):
    path = copy / "guides" / "access_id_error.yml"
    edit(path, "next: solved", "next: plan_missing")
    (message,) = messages(copy)
    assert message == (
        f"content/guides/access_id_error.yml:{line_of(path, '  solved:')}: the step solved cannot be reached"
    )


def test_an_option_that_leads_nowhere_is_named_with_its_line(copy):
    path = copy / "guides" / "access_id_error.yml"
    edit(path, "next: solved", "next: heaven")
    line = line_of(path, "next: heaven")
    assert any(
        message.startswith(f"content/guides/access_id_error.yml:{line}: ") and "'heaven'" in message
        for message in messages(copy)
    )


def test_an_option_without_a_next_step_is_named_with_its_line(copy):
    path = copy / "guides" / "access_id_error.yml"
    edit(path, "silver: {next: contract_state}", "silver: {}")
    (message,) = messages(copy)
    assert message.startswith(f"content/guides/access_id_error.yml:{line_of(path, 'silver: {}')}: ")
    assert "next" in message


def test_a_path_without_an_outcome_is_named(copy):
    edit(copy / "guides" / "access_id_error.yml", "next: plan_missing", "next: membership")
    found = messages(copy)
    assert any("leads back to itself: its path has no outcome" in message for message in found)


def test_a_link_outside_the_allow_list_is_named(copy):
    edit(copy / "phrases.yml", "You're welcome.", "See https://evil.example.com/x")
    (message,) = messages(copy)
    assert "https://evil.example.com/x is not on the allow-list" in message


@pytest.mark.parametrize(
    "link", ["http://learn.microsoft.com/x", "javascript:alert(1)", "//evil.example.com"]
)
def test_a_link_that_is_not_https_is_named(copy, link):
    edit(copy / "phrases.yml", "You're welcome.", f"See [this]({link})")
    assert any("is not on the allow-list" in message for message in messages(copy))


def test_a_text_that_is_too_long_is_named(copy):
    edit(copy / "phrases.yml", "You're welcome.", "x" * 2001)
    (message,) = messages(copy)
    assert "2001 characters, at most 2000" in message


def test_a_topic_of_the_contract_without_an_answer_is_named(copy):
    (copy / "topics" / "share_contract.yml").unlink()
    assert any("the topic share_contract has no answer" in message for message in messages(copy))


def test_placeholders_that_differ_between_languages_are_named(copy):
    edit(copy / "phrases.yml", "Schritt {step} von {total}", "Schritt {stap} von {total}")
    (message,) = messages(copy)
    assert "words in braces differ" in message


def test_an_unknown_key_is_named_with_its_line(copy):
    path = copy / "topics" / "link_contract.yml"
    edit(path, "related:", "relatet:")
    (message,) = messages(copy)
    assert message.startswith(f"content/topics/link_contract.yml:{line_of(path, 'relatet')}: ")


def test_a_file_that_is_no_yaml_is_named_with_its_line(copy):
    path = copy / "phrases.yml"
    path.write_text('greet:\n  en: "no end\n', encoding="utf-8")
    assert messages(copy)[0].startswith("content/phrases.yml:")


def test_a_missing_file_is_named(copy):
    (copy / "phrases.yml").unlink()
    with pytest.raises(ContentError, match=r"content/phrases.yml:1: the file is missing"):
        load_content(copy)


def test_texts_are_in_their_own_language(content):
    for kind in ("topics", "guides"):
        for entry in getattr(content, kind).values():
            texts = [entry.title] + ([entry.answer] if kind == "topics" else [])
            for step in getattr(entry, "steps", {}).values():
                texts += [text for text in (step.text, step.rephrase, step.help) if text]
            for text in texts:
                for language, words in text.items():
                    assert not foreign_words(words, language), words


def test_the_entitlement_table_has_every_cell(content):
    cells = {
        (row.membership, row.product_family, row.competency): row.incidents for row in content.entitlements
    }
    assert cells == {
        ("action_pack", "on_premises", None): "10",
        ("silver", "on_premises", None): "15",
        ("gold", "on_premises", None): "20",
        ("action_pack", "cloud", None): "none",
        ("silver", "cloud", "cloud"): "unlimited",
        ("silver", "cloud", "other"): "5",
        ("gold", "cloud", "cloud"): "unlimited",
        ("gold", "cloud", "other"): "10",
    }
