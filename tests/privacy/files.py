"""Looking for something in whatever an assistant has written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import List

from tests.server import Assistant


def files_with(assistant: Assistant, text: str) -> List[Path]:
    """The files of an assistant that hold a text, as it is or escaped as in JSON, in any case."""
    forms = [form.lower().encode() for form in (text, json.dumps(text)[1:-1])]
    files = [path for path in assistant.folder.rglob("*") if path.is_file()]
    assert assistant.database in files
    return [path for path in files if any(form in path.read_bytes().lower() for form in forms)]
