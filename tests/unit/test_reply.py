import pytest

from assistant import guide as guides
from assistant.channels.replies import Layout
from assistant.reply import Link, Renderer, links_in
from tests.channels.replies import collected, sourced


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


# What the article calls a thing, and the update that has to stand beside it.
OUTDATED = {
    "Signature Cloud Support": "cloud_support_renamed",
    "Microsoft Product Support": "product_support_renamed",
    "Windows 10": "example_product_windows_11",
}


def test_no_answer_of_2021_stands_alone_where_a_newer_fact_is_known(content):
    for topic in content.topics.values():
        assert not _missing(topic.answer["en"], topic.updates), topic.topic


def test_no_step_of_a_guide_presents_a_fact_of_2021_as_todays(content):
    for guide in content.guides.values():
        for name, step in guide.steps.items():
            assert not _missing(step.text["en"], step.updates), f"{guide.guide}.{name}"
            if "Technical benefits" in step.text["en"]:
                assert "2021" in step.text["en"], f"{guide.guide}.{name}"


def _missing(text, updates):
    return [update for name, update in OUTDATED.items() if name in text and update not in updates]


def test_an_update_that_an_earlier_step_has_shown_is_not_repeated(content):
    step = content.guides["remaining_incidents"].steps["shown"]
    render = Renderer(content, "en")
    assert "June 23, 2025" in render.outcome(step).text
    assert "June 23, 2025" not in render.outcome(step, known=step.updates).text


def laid_out(reply):
    return Layout.of(collected(reply))


def test_a_step_tells_its_progress_and_offers_its_links(content):
    guide = content.guides["remaining_incidents"]
    position = guides.locate(guide, guides.GuideState(guide.guide), {})
    reply = Renderer(content, "en").step(position, guide.guide, lead=["All right."])
    layout = laid_out(reply)
    assert layout.lead == "All right."
    assert (layout.progress.label, layout.progress.step) == (f"Step 1 of {layout.progress.total}", 1)
    assert layout.text.startswith("Open [Support for Business]")
    assert [link["title"] for link in layout.links] == ["Support for Business"]


def test_taking_a_reply_apart_loses_nothing(content):
    for reply in sourced(content):
        layout = laid_out(reply)
        assert layout.source
        assert f"{layout.text}\n\n{layout.source}" == reply.text


def test_each_address_is_linked_once():
    text = "Open [A](https://a.example/), [B](https://b.example/x), then [A again](https://a.example/)."
    assert links_in(text) == [Link("A", "https://a.example/"), Link("B", "https://b.example/x")]
