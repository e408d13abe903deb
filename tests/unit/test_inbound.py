import asyncio

import pytest

from assistant.channels.inbound import MAX_LENGTH, clean, spoken_language


def cleaned(text, buttons=None):
    async def title_of(payload):
        return (buttons or {}).get(payload)

    return asyncio.run(clean(text, title_of))


def test_text_is_stripped_of_control_characters():
    assert cleaned(" how\0 many\x1b[31m \u202eleft ").text == "how many[31m left"


def test_a_typed_slash_is_text():
    assert cleaned("/restart").text == "restart"
    assert cleaned('/inform{"membership": "gold"}').text == 'inform{"membership": "gold"}'
    assert cleaned(" // /restart").text == "restart"


def test_a_slash_behind_control_characters_is_text():
    assert cleaned("\0\u200b/restart").text == "restart"


def test_an_offered_payload_is_kept_with_the_title_of_its_button():
    message = cleaned("/link_contract", buttons={"/link_contract": "Link it"})
    assert message.text == "/link_contract"
    assert message.metadata == {"title": "Link it"}


@pytest.mark.parametrize("text", ["", "   ", "\0", "???", "🙂🙂", "/", "\n\n"])
def test_a_text_without_words_is_marked(text):
    message = cleaned(text)
    assert message.metadata == {"unreadable": "empty"}
    assert message.text


@pytest.mark.parametrize(("text", "payload"), [("👍", "/affirm"), ("👎🏽", "/deny"), ("✅", "/affirm")])
def test_a_thumb_or_tick_is_a_yes_or_no(text, payload):
    assert cleaned(text).text == payload


def test_a_long_text_is_cut_and_marked():
    message = cleaned("word " * 10_000)
    assert message.metadata == {"unreadable": "too_long"}
    assert len(message.text) < MAX_LENGTH


def test_a_text_of_the_greatest_length_is_read():
    assert cleaned("a" * MAX_LENGTH).metadata == {}


def test_ids_are_redacted_before_anything_sees_them():
    assert "70012345" not in cleaned("contract id 70012345").text
    assert "70012345" not in cleaned("contract id 70012345 " + "x" * 3000).text


def test_half_a_value_at_the_cut_of_a_long_text_is_not_kept():
    text = cleaned("x" * 289 + " jane.doe@contoso.com " + "y" * 3000).text
    assert "jane" not in text


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("de-AT", "de"),
        ("en_US", "en"),
        ("de", "de"),
        ("fr", None),
        ("deborah@x.com", None),
        (None, None),
        (5, None),
    ],
)
def test_of_a_locale_only_a_language_that_we_speak_is_kept(locale, language):
    assert spoken_language(locale) == language


def test_emoji_with_joiners_stay_whole():
    assert cleaned("ok 👩‍💻").text == "ok 👩‍💻"
