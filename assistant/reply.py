"""What the assistant sends back: text and buttons, made from content in one language."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Container, Dict, Iterable, List, Mapping, Optional, Tuple

from babel.dates import format_date

from assistant import guide as guides
from assistant.content.model import MAX_BUTTONS, Content, Step, Term, Topic
from assistant.matching import option_label
from assistant.payload import choose_payload, guide_payload, intent_payload


@dataclass(frozen=True)
class Button:
    """A choice offered to the partner; the payload comes back when it is pressed."""

    title: str
    payload: str


@dataclass
class Reply:
    """One bubble: Markdown text with buttons under it."""

    text: str
    buttons: List[Button] = field(default_factory=list)


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
        return Reply(self.phrase(name, **values), list(buttons))

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
        parts = [text or topic.answer[self.language], *self.updates(topic.updates), self.source(topic.source)]
        return Reply(_paragraphs(parts), buttons[:MAX_BUTTONS])

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
        progress = self.phrase("progress", step=position.number, total=position.total)
        updates = self.updates(name for name in position.step.updates if name not in known)
        parts = [*lead, f"**{progress}**", position.step.text[self.language], *updates]
        return Reply(_paragraphs(parts), self.options(position, guide_name))

    def rephrased(self, position: guides.Position, guide_name: str, lead: str) -> Reply:
        """The current step in other words."""
        step = position.step
        return Reply(
            _paragraphs([lead, (step.rephrase or step.text)[self.language]]),
            self.options(position, guide_name),
        )

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
        parts = [*lead, step.text[self.language], *updates, self.source(step.source)]
        return Reply(_paragraphs(parts), buttons[:MAX_BUTTONS])

    def term(self, term: Term) -> Reply:
        """What a term of the glossary means, with newer facts."""
        return Reply(_paragraphs([term.text[self.language], *self.updates(term.updates)]))

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


def _paragraphs(parts: Iterable[str]) -> str:
    return "\n\n".join(part.strip() for part in parts if part)
