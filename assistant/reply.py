"""What the assistant sends back: text and buttons, made from content in one language."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Container, Dict, Iterable, List, Mapping, Optional, Tuple

from babel.dates import format_date

from assistant import guide as guides
from assistant.content.model import MAX_BUTTONS, Content, Step, Term, Topic
from assistant.matching import option_label
from assistant.payload import choose_payload, guide_payload, intent_payload

_LINK = re.compile(r"\[([^\]]+)\]\((https?://[^\s)]+)\)")


@dataclass(frozen=True)
class Button:
    """A choice offered to the partner; the payload comes back when it is pressed."""

    title: str
    payload: str


@dataclass(frozen=True)
class Link:
    """An address to open."""

    title: str
    url: str


@dataclass(frozen=True)
class Progress:
    """Where a step stands in its guide: "Step 2 of 4"; both numbers count from 1."""

    label: str
    step: int
    total: int

    @property
    def text(self) -> str:
        """As a paragraph of Markdown."""
        return f"**{self.label}**"


@dataclass
class Reply:
    """One bubble: Markdown text with buttons under it.

    The text is complete. ``progress`` and ``source`` are paragraphs of it, and ``links`` addresses in
    it, that a channel may show in its own way. ``kind`` is the name of the phrase that it consists of, or
    else says what kind of reply it is, for statistics.
    """

    text: str
    buttons: List[Button] = field(default_factory=list)
    links: List[Link] = field(default_factory=list)
    progress: Optional[Progress] = None
    source: str = ""
    kind: str = "plain"

    @property
    def parts(self) -> Dict[str, Any]:
        """What :class:`assistant.channels.replies.Layout` reads."""
        parts = {
            "progress": self.progress and {**asdict(self.progress), "text": self.progress.text},
            "links": [asdict(link) for link in self.links],
            "source": self.source,
        }
        return {name: part for name, part in parts.items() if part}


class Renderer:
    """Renders content in one language."""

    def __init__(self, content: Content, language: str) -> None:
        self.content = content
        self.language = language

    def phrase(self, name: str, **values: object) -> str:
        """A phrase of ``phrases.yml`` with its placeholders filled in."""
        return self.content.phrases[name][self.language].format(**values).strip()

    def say(self, name: str, *buttons: Button, **values: object) -> Reply:
        """A reply that consists of a phrase."""
        text = self.phrase(name, **values)
        return Reply(text, list(buttons), links_in(text), kind=name)

    def topic_button(self, topic: str) -> Button:
        """The button that asks about a topic."""
        return Button(self.content.topics[topic].title[self.language], intent_payload(topic))

    def guide_button(self, guide: str, title: Optional[str] = None) -> Button:
        """The button that starts a guide."""
        return Button(title or self.content.guides[guide].title[self.language], guide_payload(guide))

    def phrase_button(self, phrase: str, intent: str) -> Button:
        """A button with a phrase as its title, for an intent."""
        return Button(self.phrase(phrase), intent_payload(intent))

    def answer(self, topic: Topic, text: Optional[str] = None) -> Reply:
        """The answer to a topic with its updates, source and follow-up buttons."""
        buttons = []
        if topic.guide:
            buttons.append(self.guide_button(topic.guide, self.phrase("start_guide")))
        buttons += [self.topic_button(name) for name in topic.related]
        source = self.source(topic.source)
        parts = [text or topic.answer[self.language], *self.updates(topic.updates), source]
        return Reply(_paragraphs(parts), buttons[:MAX_BUTTONS], source=source, kind="answer")

    def step(
        self,
        position: guides.Position,
        guide_name: str,
        lead: Iterable[str] = (),
        known: Container[str] = (),
    ) -> Reply:
        """The current step of a guide with its progress, newer facts and a button for each option.

        Updates that the partner knows already are left out.
        """
        label = self.phrase("progress", step=position.number, total=position.total)
        progress = Progress(label, position.number, position.total)
        text = position.step.text[self.language]
        updates = self.updates(name for name in position.step.updates if name not in known)
        parts = [*lead, progress.text, text, *updates]
        options = self.options(position, guide_name)
        return Reply(_paragraphs(parts), options, links_in(text), progress, kind="step")

    def rephrased(self, position: guides.Position, guide_name: str, lead: str) -> Reply:
        """The current step in other words, after a phrase with the name ``lead``."""
        step = position.step
        text = (step.rephrase or step.text)[self.language]
        options = self.options(position, guide_name)
        links = links_in(step.text[self.language])
        return Reply(_paragraphs([self.phrase(lead), text]), options, links, kind=lead)

    def options(self, position: guides.Position, guide_name: str) -> List[Button]:
        """The buttons of a step."""
        return [
            Button(
                option_label(name, option, position.step, self.content, self.language),
                choose_payload(guide_name, position.name, name),
            )
            for name, option in position.step.options.items()
        ]

    def outcome(self, step: Step, lead: Iterable[str] = (), known: Container[str] = ()) -> Reply:
        """The end of a guide with newer facts that are not known yet, its source and where to go next."""
        buttons = [self.guide_button(step.guide)] if step.guide else []
        buttons += [self.topic_button(topic) for topic in step.related]
        updates = self.updates(name for name in step.updates if name not in known)
        text, source = step.text[self.language], self.source(step.source)
        parts = [*lead, text, *updates, source]
        return Reply(_paragraphs(parts), buttons[:MAX_BUTTONS], links_in(text), source=source, kind="outcome")

    def term(self, term: Term) -> Reply:
        """What a term of the glossary means, with newer facts."""
        return Reply(_paragraphs([term.text[self.language], *self.updates(term.updates)]), kind="term")

    def source(self, name: str) -> str:
        """The line that names the article section an answer comes from."""
        section = self.content.sections[name]
        url = f"{self.content.settings.article.url}#{section.anchor}"
        return self.phrase("source", section=section.title[self.language], url=url)

    def updates(self, names: Iterable[str]) -> List[str]:
        """Dated facts newer than the article, unless the owner switched them off.

        Facts of the same day and page share a line.
        """
        if not self.content.settings.show_updates:
            return []
        lines: Dict[Tuple[str, str], List[str]] = {}
        for update in sorted((self.content.updates[name] for name in names), key=lambda update: update.since):
            lines.setdefault((update.since, update.url), []).append(update.text[self.language])
        return [
            self.phrase("update", date=self.date(since), text=" ".join(texts), url=url)
            for (since, url), texts in lines.items()
        ]

    def date(self, since: str) -> str:
        """A date of ``updates.yml`` as people write it in this language."""
        if len(since) == 4:
            return since
        return format_date(date.fromisoformat(since), format="long", locale=self.language)

    def facts(self, facts: Mapping[str, str]) -> str:
        """Known facts as a list, in the order of ``facts.yml``."""
        values = (
            self.content.facts[name].values[facts[name]] for name in self.content.facts if name in facts
        )
        return ", ".join((value.note or value.label)[self.language] for value in values)

    def fact_labels(self, facts: Mapping[str, str]) -> Dict[str, str]:
        """The label of the value of each fact."""
        return {
            name: self.content.facts[name].values[facts[name]].label[self.language]
            for name in self.content.facts
            if name in facts
        }


def links_in(text: str) -> List[Link]:
    """The links in a Markdown text, each address once."""
    found: Dict[str, Link] = {}
    for title, url in _LINK.findall(text):
        found.setdefault(url, Link(title, url))
    return list(found.values())


def _paragraphs(parts: Iterable[str]) -> str:
    return "\n\n".join(part.strip() for part in parts if part)
