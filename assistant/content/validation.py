"""Checks that the schema alone cannot make: names, languages, links, and the shape of guides."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter
from typing import Any, Dict, Iterator, List, Optional, Set, Tuple
from urllib.parse import urlsplit

from pydantic import BaseModel

from assistant.content.loader import (
    CONTENT_DIR,
    FOLDERS,
    ContentError,
    Problem,
    SourceFile,
    Sources,
    load_with_sources,
)
from assistant.content.model import MAX_BUTTONS, MAX_TEXT_LENGTH, Content, Guide, Step

MAX_TITLE_LENGTH = 75
_LINK = re.compile(r"https?://[^\s)>\"'\]]+")
_MARKDOWN_LINK = re.compile(r"\]\(([^)]*)\)")
_TITLES = ("title", "label")

Keys = Tuple[Any, ...]


def check(root: Path = CONTENT_DIR) -> List[Problem]:
    """All problems in the content under a folder, in the order of files and lines."""
    try:
        content, sources = load_with_sources(root)
    except ContentError as error:
        return error.problems
    problems = [
        *_check_texts(content, sources),
        *_check_contract(content, sources),
        *_check_topics(content, sources),
        *_check_names(content, sources),
        *_check_facts(content, sources),
        *_check_answers(content, sources),
    ]
    for name, guide in content.guides.items():
        problems += _check_guide(guide, content, sources.folders["guides"][name])
    return sorted(set(problems), key=lambda problem: (problem.file, problem.line, problem.message))


def _check_texts(content: Content, sources: Sources) -> Iterator[Problem]:
    """Every text has every language, is short enough, and links only where it may."""
    for source in _files(sources):
        for keys, texts in _texts(source.data, set(content.settings.languages)):
            yield from _check_text(content, source, keys, texts)


def _check_text(content: Content, source: SourceFile, keys: Keys, texts: Dict[str, Any]) -> Iterator[Problem]:
    where = ".".join(map(str, keys))
    for language in content.languages:
        text = texts.get(language)
        if not text:
            yield source.problem(
                f"{where}: the text in {content.settings.languages[language]} is missing", *keys
            )
            continue
        if not isinstance(text, str):
            continue
        limit = MAX_TITLE_LENGTH if keys[-1] in _TITLES else MAX_TEXT_LENGTH
        if len(text) > limit:
            yield source.problem(
                f"{where}.{language}: {len(text)} characters, at most {limit}", *keys, language
            )
        for link in [*_LINK.findall(text), *_MARKDOWN_LINK.findall(text)]:
            if not _is_placeholder(link) and not _is_allowed(link, content):
                yield source.problem(
                    f"{where}.{language}: the link {link} is not on the allow-list", *keys, language
                )
    placeholders = {frozenset(_placeholders(text)) for text in texts.values() if isinstance(text, str)}
    if source.path.name == "phrases.yml" and len(placeholders) > 1:
        yield source.problem(f"{where}: the words in braces differ between the languages", *keys)


def _check_contract(content: Content, sources: Sources) -> Iterator[Problem]:
    source = sources.single["contract"]
    for topic in content.contract.article_topics:
        if topic not in content.topics:
            yield source.problem(
                f"the topic {topic} has no answer: content/topics/{topic}.yml is missing",
                "article_topics",
                topic,
            )
    for topic in content.topics:
        if topic not in content.contract.article_topics:
            yield sources.folders["topics"][topic].problem(
                f"the topic {topic} is not in contract.yml", "topic"
            )


def _check_topics(content: Content, sources: Sources) -> Iterator[Problem]:
    for name, topic in content.topics.items():
        source = sources.folders["topics"][name]
        yield from _unknown([topic.source], content.sections, "section", source, "source")
        yield from _unknown([topic.guide], content.guides, "guide", source, "guide")
        yield from _unknown(topic.related, content.topics, "topic", source, "related")
        yield from _unknown(topic.updates, content.updates, "update", source, "updates")
        for other in topic.instead:
            yield from _unknown([other.topic], content.topics, "topic", source, "instead")
            yield from _unknown([other.fact], content.facts, "fact", source, "instead")
            known = content.facts[other.fact].values if other.fact in content.facts else {other.value}
            yield from _unknown([other.value], known, "value", source, "instead")
        if len(topic.related) + bool(topic.guide) > MAX_BUTTONS:
            yield source.problem(f"guide and related make more than {MAX_BUTTONS} buttons", "related")


def _check_names(content: Content, sources: Sources) -> Iterator[Problem]:
    """Names in the single files refer to something, and addresses are on the allow-list."""
    settings = sources.single["settings"]
    yield from _unknown(
        content.settings.featured_topics, content.topics, "topic", settings, "featured_topics"
    )
    if content.settings.default_language not in content.settings.languages:
        yield settings.problem("default_language is not among the languages", "default_language")
    for keys, url in [
        (("article", "url"), content.settings.article.url),
        (("support_url",), content.settings.support_url),
    ]:
        if not _is_allowed(url, content):
            yield settings.problem(f"the link {url} is not on the allow-list", *keys)
    for name, update in content.updates.items():
        if not _is_allowed(update.url, content):
            yield sources.single["updates"].problem(
                f"the link {update.url} is not on the allow-list", name, "url"
            )
    for index, row in enumerate(content.entitlements):
        yield from _unknown(row.updates, content.updates, "update", sources.single["entitlements"], index)
    for name, message in content.messages.items():
        yield from _unknown(
            [message.topic], content.topics, "topic", sources.single["messages"], name, "topic"
        )
    for name, near_miss in content.near_misses.items():
        source = sources.single["near_misses"]
        yield from _unknown(near_miss.related, content.topics, "topic", source, name, "related")
    for name, term in content.glossary.items():
        yield from _unknown(term.updates, content.updates, "update", sources.single["glossary"], name)
    families = content.facts["product_family"].values
    for name, product in content.products.items():
        yield from _unknown([product.family], families, "family", sources.single["products"], name, "family")


def _check_facts(content: Content, sources: Sources) -> Iterator[Problem]:
    """What facts imply are facts, with values that they can have."""
    source = sources.single["facts"]
    for name, fact in content.facts.items():
        for value_name, value in fact.values.items():
            keys = (name, "values", value_name, "implies")
            yield from _unknown(list(value.implies), content.facts, "fact", source, *keys)
            for implied, implied_value in value.implies.items():
                known = content.facts[implied].values if implied in content.facts else {implied_value}
                yield from _unknown([implied_value], known, "value", source, *keys)


def _check_answers(content: Content, sources: Sources) -> Iterator[Problem]:
    """Answers belong to options that there are, in every language."""
    for name, answers in content.answers.items():
        source = sources.folders["answers"][name]
        yield from _unknown([name], content.guides, "guide", source, "guide")
        steps = content.guides[name].steps if name in content.guides else {}
        yield from _unknown(list(answers.answers), steps, "step", source, "answers")
        for step, options in answers.answers.items():
            known = steps[step].options if step in steps else options
            yield from _unknown(list(options), known, "option", source, "answers", step)


def _check_guide(guide: Guide, content: Content, source: SourceFile) -> Iterator[Problem]:
    yield from _unknown([guide.topic], content.topics, "topic", source, "topic")
    if guide.start not in guide.steps:
        yield source.problem(f"the first step {guide.start!r} does not exist", "start")
        return
    for name, step in guide.steps.items():
        yield from _check_step(name, step, guide, content, source)
    reachable, circle = _explore(guide)
    for name in guide.steps:
        if name not in reachable:
            yield source.problem(f"the step {name} cannot be reached", "steps", name)
    if circle:
        yield source.problem(
            f"the step {circle} leads back to itself: its path has no outcome", "steps", circle
        )


def _check_step(
    name: str, step: Step, guide: Guide, content: Content, source: SourceFile
) -> Iterator[Problem]:
    keys = ("steps", name)
    yield from _unknown([step.fact], content.facts, "fact", source, *keys, "fact")
    yield from _unknown([step.source], content.sections, "section", source, *keys, "source")
    yield from _unknown([step.guide], content.guides, "guide", source, *keys, "guide")
    yield from _unknown(step.related, content.topics, "topic", source, *keys, "related")
    yield from _unknown(step.updates, content.updates, "update", source, *keys, "updates")
    buttons = len(step.related) + bool(step.guide) + (step.status == "handoff")
    if buttons > MAX_BUTTONS:
        yield source.problem(f"{name}: more than {MAX_BUTTONS} buttons", *keys, "related")
    if not step.is_outcome and not step.rephrase:
        yield source.problem(f"{name}: rephrase is missing", *keys)
    values = content.facts[step.fact].values if step.fact in content.facts else {}
    likes = [option.like for option in step.options.values() if option.like]
    for option_name, option in step.options.items():
        option_keys = (*keys, "options", option_name)
        if option.next not in guide.steps:
            yield source.problem(
                f"{name}.{option_name} leads to {option.next!r}, which does not exist", *option_keys, "next"
            )
        if option_name in values and option.label:
            yield source.problem(
                f"{name}.{option_name} is a value of the fact and takes its label", *option_keys, "label"
            )
        if option_name not in values and not option.label:
            yield source.problem(f"{name}.{option_name} needs a label", *option_keys)
        yield from _unknown([option.like], content.replies, "reply", source, *option_keys, "like")
        if option.like and likes.count(option.like) > 1:
            yield source.problem(f"{name}: two options are like {option.like!r}", *option_keys, "like")


def _explore(guide: Guide) -> Tuple[Set[str], Optional[str]]:
    """Reachable steps, and a step that leads back to itself if there is one."""
    reachable: Set[str] = set()
    circles: List[str] = []

    def visit(name: str, path: Tuple[str, ...]) -> None:
        if name in path:
            circles.append(name)
        elif name in guide.steps and name not in reachable:
            reachable.add(name)
            for option in guide.steps[name].options.values():
                visit(option.next, (*path, name))
        elif name in guide.steps:
            for option in guide.steps[name].options.values():
                if option.next in (*path, name):
                    circles.append(option.next)

    visit(guide.start, ())
    return reachable, circles[0] if circles else None


def _unknown(
    names: List[Optional[str]], known: Any, kind: str, source: SourceFile, *keys: Any
) -> Iterator[Problem]:
    for name in names:
        if name is not None and name not in known:
            yield source.problem(f"the {kind} {name!r} does not exist", *keys)


def _files(sources: Sources) -> Iterator[SourceFile]:
    yield from (source for name, source in sources.single.items() if name != "settings")
    for folder in FOLDERS:
        yield from sources.folders[folder].values()


def _texts(node: Any, languages: Set[str], keys: Keys = ()) -> Iterator[Tuple[Keys, Dict[str, Any]]]:
    """All mappings from language codes, with the keys that lead to them."""
    if isinstance(node, dict):
        if node and set(node) <= languages:
            yield keys, node
            return
        for key, child in node.items():
            yield from _texts(child, languages, (*keys, key))
    elif isinstance(node, (list, BaseModel)):
        for index, child in enumerate(node):
            yield from _texts(child, languages, (*keys, index))


def _placeholders(text: str) -> Iterator[str]:
    return (name for _, name, _, _ in Formatter().parse(text) if name)


def _is_placeholder(link: str) -> bool:
    return link.startswith("{")


def _is_allowed(link: str, content: Content) -> bool:
    parts = urlsplit(link)
    return parts.scheme == "https" and parts.hostname in content.settings.link_hosts
