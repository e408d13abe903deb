"""Reading ``content/``: YAML files in, one checked :class:`Content` out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple, Type

from pydantic import ValidationError
from pydantic.tools import parse_obj_as
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedBase
from ruamel.yaml.error import YAMLError

from assistant.content import model

CONTENT_DIR = Path(__file__).resolve().parents[2] / "content"

# The single files: the field of Content that each one fills, and its type.
SINGLE_FILES = {
    "settings": model.Settings,
    "contract": model.Contract,
    "sections": Dict[str, model.Section],
    "updates": Dict[str, model.Update],
    "facts": Dict[str, model.Fact],
    "products": Dict[str, model.Product],
    "units": Dict[str, model.Unit],
    "replies": Dict[str, model.Words],
    "no_answers": model.Words,
    "spellings": Dict[str, Dict[str, str]],
    "messages": Dict[str, model.Message],
    "entitlements": List[model.Entitlement],
    "near_misses": Dict[str, model.NearMiss],
    "glossary": Dict[str, model.Term],
    "handoff": model.Handoff,
    "names": model.Names,
    "privacy": Dict[str, model.Words],
    "phrases": Dict[str, model.Text],
}
# The folders with one file an entry, named after the entry.
FOLDERS = {
    "topics": ("topic", model.Topic),
    "guides": ("guide", model.Guide),
    "answers": ("guide", model.Answers),
}


@dataclass(frozen=True)
class Problem:
    """Something wrong in a content file; ``line`` counts from 1."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class ContentError(Exception):
    """Raised when content cannot be used; carries every problem found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = list(problems)


class SourceFile:
    """A parsed YAML file that knows on which line each of its keys stands."""

    def __init__(self, path: Path, root: Path) -> None:
        self.name = str(path.relative_to(root.parent))
        self.path = path
        self.data = _read_yaml(path, self.name)

    def line(self, keys: Sequence[Any] = ()) -> int:
        """Line of the value under a path of keys, or of its nearest parent."""
        node, line = self.data, 1
        for key in keys:
            if not isinstance(node, CommentedBase):
                break
            try:
                position = node.lc.key(key) if isinstance(node, dict) else node.lc.item(key)
                line, node = position[0] + 1, node[key]
            except (KeyError, IndexError, TypeError, AttributeError):
                break
        return line

    def problem(self, message: str, *keys: Any) -> Problem:
        """A problem at the place that the keys lead to."""
        return Problem(self.name, self.line(keys), message)


@dataclass
class Sources:
    """The parsed files: single ones by name, folders by entry name."""

    single: Dict[str, SourceFile]
    folders: Dict[str, Dict[str, SourceFile]]


@cache
def load_content(root: Path = CONTENT_DIR) -> model.Content:
    """Load all content files and check them against the schema; a folder is read once.

    Args:
        root: the content folder.

    Returns:
        The content, every entry of the right shape.

    Raises:
        ContentError: a file is missing, is not YAML or breaks the schema.
    """
    return load_with_sources(root)[0]


def load_with_sources(root: Path = CONTENT_DIR) -> Tuple[model.Content, Sources]:
    """Like :func:`load_content`, with the parsed files for naming lines."""
    problems: List[Problem] = []
    sources = Sources(single={}, folders={folder: {} for folder in FOLDERS})
    fields: Dict[str, Any] = {}
    for name, kind in SINGLE_FILES.items():
        source = _open(root / f"{name}.yml", root, problems)
        if source:
            sources.single[name] = source
            fields[name] = _parse(source, kind, problems)
    for folder, (key, kind) in FOLDERS.items():
        fields[folder] = {}
        for path in sorted((root / folder).glob("*.yml")):
            source = _open(path, root, problems)
            entry = source and _parse(source, kind, problems)
            if entry is None:
                continue
            name = getattr(entry, key)
            if name != path.stem:
                problems.append(source.problem(f"the {key} is called {name!r}, its file {path.name!r}", key))
            sources.folders[folder][name] = source
            fields[folder][name] = entry
    if problems:
        raise ContentError(problems)
    return model.Content.construct(**fields), sources


def _read_yaml(path: Path, name: str) -> Any:
    try:
        return YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ContentError([Problem(name, 1, "the file is missing")]) from None
    except UnicodeDecodeError as error:
        raise ContentError([Problem(name, 1, f"the file is not UTF-8: {error.reason}")]) from None
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "not valid YAML"
        raise ContentError([Problem(name, mark.line + 1 if mark else 1, str(reason))]) from None


def _open(path: Path, root: Path, problems: List[Problem]) -> Optional[SourceFile]:
    try:
        return SourceFile(path, root)
    except ContentError as error:
        problems.extend(error.problems)
        return None


def _parse(source: SourceFile, kind: Type, problems: List[Problem]) -> Any:
    try:
        return parse_obj_as(kind, source.data)
    except ValidationError as error:
        problems.extend(_schema_problems(source, error))
        return None


def _schema_problems(source: SourceFile, error: ValidationError) -> Iterator[Problem]:
    for item in error.errors():
        keys = [key for key in item["loc"] if key != "__root__"]
        where = ".".join(str(key) for key in keys) or "the file"
        yield source.problem(f"{where}: {item['msg']}", *keys)
