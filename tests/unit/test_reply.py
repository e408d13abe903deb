import pytest

from assistant.reply import Renderer


def test_an_answer_names_its_section_and_the_date_of_the_article(content):
    reply = Renderer(content, "en").answer(content.topics["share_contract"])
    assert "Source: [Microsoft Product Support (On-premises)](https://learn.microsoft.com/" in reply.text
    assert "article of March 4, 2021" in reply.text


def test_updates_carry_their_date_and_link(content):
    reply = Renderer(content, "de").answer(content.topics["check_remaining_incidents"])
    assert "Neu seit 23. Juni 2025" in reply.text
    assert "https://learn.microsoft.com/services-hub/sfbus/" in reply.text


def test_one_setting_turns_updates_off(content):
    settings = content.settings.copy(update={"show_updates": False})
    quiet = content.copy(update={"settings": settings})
    for topic in quiet.topics.values():
        assert "New since" not in Renderer(quiet, "en").answer(topic).text


def test_updates_of_the_same_day_and_page_share_a_line(content):
    render = Renderer(content, "en")
    (line,) = render.updates(["cloud_support_renamed", "product_support_renamed"])
    assert "Partner Cloud Support" in line
    assert "Partner On-premises Support" in line


@pytest.mark.parametrize(
    ("language", "since", "shown"),
    [
        ("en", "2022-10-03", "October 3, 2022"),
        ("de", "2022-10-03", "3. Oktober 2022"),
        ("en", "2025", "2025"),
    ],
)
def test_dates_are_written_as_the_language_does(content, language, since, shown):
    assert Renderer(content, language).date(since) == shown


def test_answers_and_outcomes_have_at_most_three_buttons(content):
    render = Renderer(content, "en")
    for topic in content.topics.values():
        assert len(render.answer(topic).buttons) <= 3
    for guide in content.guides.values():
        for step in guide.steps.values():
            if step.is_outcome:
                assert len(render.outcome(step).buttons) <= 3


def test_no_fact_of_2021_stands_alone_where_a_newer_one_is_known(content):
    """Topics that name a retired or renamed thing say from when they are, and carry the update."""
    render = Renderer(content, "en")
    for topic in content.topics.values():
        text = render.answer(topic).text
        if "Signature Cloud Support" in topic.answer["en"]:
            assert "Partner Cloud Support" in text, topic.topic
        if "Microsoft Product Support" in topic.answer["en"]:
            assert "Partner On-premises Support" in text, topic.topic
