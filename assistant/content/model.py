"""The schema of the files under ``content/``: one class for each kind of entry.

A text is a mapping from language code to Markdown. That every language of
``settings.yml`` is there, and that names refer to something, is checked by
:mod:`assistant.content.validation`, which can name the file and the line.
"""

from __future__ import annotations

from datetime import date
from typing import Dict, List, Optional

from pydantic import BaseModel, Extra, Field, root_validator

Text = Dict[str, str]
Words = Dict[str, List[str]]

MAX_TEXT_LENGTH = 2000
MAX_BUTTONS = 3


class Entry(BaseModel):
    """Base of all entries: unknown keys are errors, so that typos are found."""

    class Config:
        """Pydantic's own settings."""

        extra = Extra.forbid


class Article(Entry):
    """The article that the answers come from."""

    title: Text
    date: date
    url: str


class Settings(Entry):
    """``settings.yml``: what an owner may switch without reading code."""

    languages: Dict[str, str]
    default_language: str
    show_updates: bool
    article: Article
    support_url: str
    featured_topics: List[str]
    language_words: Words
    link_hosts: List[str]


class Section(Entry):
    """A section of the article, named by the answers that come from it."""

    title: Text
    anchor: str


class Update(Entry):
    """A fact newer than the article, with the date from which it holds."""

    since: str = Field(regex=r"^\d{4}(-\d{2}-\d{2})?$")
    text: Text
    url: str


class Instead(Entry):
    """Another topic that answers better where a fact is known."""

    fact: str
    value: str
    topic: str


class Topic(Entry):
    """One topic of the contract: its answer and where the partner can go next.

    ``instead``: the first entry whose fact is known sends to another topic.
    """

    topic: str
    title: Text
    source: str
    answer: Text
    guide: Optional[str]
    related: List[str] = Field(default_factory=list, max_items=MAX_BUTTONS)
    updates: List[str] = Field(default_factory=list)
    instead: List[Instead] = Field(default_factory=list)


class FactValue(Entry):
    """One value that a fact can have, with the words partners use for it.

    ``note`` stands for the label in a list of known facts; ``implies`` names facts known with it;
    ``unlike`` holds phrases in which the words mean something else.
    """

    label: Text
    note: Optional[Text]
    implies: Dict[str, str] = Field(default_factory=dict)
    words: Words
    unlike: List[str] = Field(default_factory=list)


class Fact(Entry):
    """Something about the partner that is asked once and remembered; see the head of ``facts.yml``."""

    label: Text
    learned: bool = False
    stated: str = Field("mention", regex="^(mention|statement|first_person)$")
    fuzzy: bool = False
    values: Dict[str, FactValue]


class Product(Entry):
    """A product, its other names, its family (``cloud`` or ``on_premises``), and what is none of it."""

    name: str
    family: str
    words: List[str] = Field(default_factory=list)
    unlike: List[str] = Field(default_factory=list)


class Option(Entry):
    """A choice at a step: a label, words for it, and the step it leads to.

    ``like`` borrows the words of a common reply (``yes``, ``no``, ``done``,
    ``different``, ``unknown``) from ``replies.yml``.
    """

    label: Optional[Text]
    words: Words = Field(default_factory=dict)
    like: Optional[str]
    next: str


class Step(Entry):
    """A step asks (``ask``), instructs (``do``) or ends the guide (``outcome``)."""

    ask: Optional[Text]
    do: Optional[Text]
    outcome: Optional[Text]
    fact: Optional[str]
    rephrase: Optional[Text]
    help: Optional[Text]
    options: Dict[str, Option] = Field(default_factory=dict)
    status: Optional[str] = Field(regex="^(resolved|unresolved|handoff)$")
    source: Optional[str]
    guide: Optional[str]
    related: List[str] = Field(default_factory=list, max_items=MAX_BUTTONS)
    updates: List[str] = Field(default_factory=list)

    @root_validator(skip_on_failure=True)
    def _one_kind(cls, values: dict) -> dict:
        kinds = [kind for kind in ("ask", "do", "outcome") if values.get(kind)]
        if len(kinds) != 1:
            raise ValueError("a step has exactly one of: ask, do, outcome")
        if kinds == ["outcome"]:
            if values.get("options"):
                raise ValueError("an outcome ends the guide and has no options")
            if not values.get("status"):
                raise ValueError("an outcome needs a status: resolved, unresolved or handoff")
            if not values.get("source"):
                raise ValueError("an outcome needs its source")
        elif not values.get("options"):
            raise ValueError("a step without an outcome needs options")
        return values

    @property
    def text(self) -> Text:
        """The text of the step in every language."""
        return self.ask or self.do or self.outcome

    @property
    def is_outcome(self) -> bool:
        """Whether the guide ends here."""
        return self.outcome is not None


class Guide(Entry):
    """A decision tree that walks a partner through one scenario."""

    guide: str
    title: Text
    topic: str
    words: Words = Field(default_factory=dict)
    start: str
    steps: Dict[str, Step]


class Answers(Entry):
    """What partners type at the steps of a guide: step, option, language, texts."""

    guide: str
    answers: Dict[str, Dict[str, Words]]


class Message(Entry):
    """An error message or status text that partners paste, and its topic."""

    topic: str
    texts: Words
    fragments: Words


class Entitlement(Entry):
    """One cell of the entitlement table; ``incidents`` is a count or ``unlimited``."""

    membership: str
    product_family: str
    competency: Optional[str]
    incidents: str
    updates: List[str] = Field(default_factory=list)


class NearMiss(Entry):
    """A matter close to ours that others help with; ``products``: any product is a sign of it."""

    words: Words
    products: bool = False
    text: Text
    related: List[str] = Field(default_factory=list, max_items=MAX_BUTTONS)


class Term(Entry):
    """A term that partners ask about, with the words for it."""

    words: Words
    text: Text
    updates: List[str] = Field(default_factory=list)


class Unit(Entry):
    """A unit that partners count in; see the head of ``units.yml``."""

    words: Words
    one: bool = False


class Names(Entry):
    """How names of people are recognised; see the head of ``names.yml``."""

    salutations: Words
    farewells: Words
    thanks: Words
    titles: Words
    introductions: Words
    particles: Words
    between: Words
    origins: Words
    begins: Words
    names: Words
    others: Words


class Choice(Entry):
    """An answer to a question of the assistant, with the words that people use for it."""

    label: Text
    words: Words


class Handoff(Entry):
    """What is asked before a person takes over; see the head of ``handoff.yml``."""

    urgency: Dict[str, Choice]
    here: Words
    skip: Words
    send: Words
    change: Words
    cancel: Words
    state: Words
    elsewhere: Words


class Intent(Entry):
    """A name of the contract and what the partner wants with it."""

    description: str


class Contract(Entry):
    """The topics and intents that reports and measurements rely on."""

    article_topics: Dict[str, Intent]
    conversation_intents: Dict[str, Intent]


class Content(BaseModel):
    """Everything under ``content/``, keyed by the names that entries use."""

    settings: Settings
    contract: Contract
    sections: Dict[str, Section]
    updates: Dict[str, Update]
    topics: Dict[str, Topic]
    guides: Dict[str, Guide]
    answers: Dict[str, Answers]
    no_answers: Words
    facts: Dict[str, Fact]
    products: Dict[str, Product]
    units: Dict[str, Unit]
    replies: Dict[str, Words]
    spellings: Dict[str, Dict[str, str]]
    messages: Dict[str, Message]
    entitlements: List[Entitlement]
    near_misses: Dict[str, NearMiss]
    glossary: Dict[str, Term]
    handoff: Handoff
    names: Names
    privacy: Dict[str, Words]
    phrases: Dict[str, Text]

    def __hash__(self) -> int:
        """Content is read once and never changed, so what is derived from it can be cached."""
        return id(self)

    @property
    def languages(self) -> List[str]:
        """The language codes that every text has to have, the default one first."""
        default = self.settings.default_language
        return sorted(self.settings.languages, key=lambda code: (code != default, code))
