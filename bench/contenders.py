"""The two assistants that are measured: how each is trained and served."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Tuple

from assistant.commands.environment import MODELS, RASA, ROOT, child_environment
from assistant.commands.train import fingerprint

BENCH_MODELS = MODELS / "bench"


@dataclass(frozen=True)
class Contender:
    """An assistant with its own configuration and the same domain, data and actions."""

    name: str
    title: str
    config: str
    endpoints: str
    credentials: str
    command: Tuple[str, ...] = (sys.executable, "-m", "rasa")
    code: Tuple[str, ...] = ()

    @property
    def model(self) -> Path:
        inputs = ("data/nlu/**/*.yml", "data/*.yml", "domain.yml", self.config, *self.code)
        return BENCH_MODELS / f"{self.name}-{fingerprint(inputs)}.tar.gz"

    @property
    def record(self) -> Path:
        return self.model.with_name(self.model.name.replace(".tar.gz", ".json"))

    def train(self) -> Dict[str, Any]:
        """Train once for the current data; the record of that run is kept beside the model."""
        # The name is that of the data at the start, even if somebody edits it in the meantime.
        model, record = self.model, self.record
        if not record.exists():
            BENCH_MODELS.mkdir(parents=True, exist_ok=True)
            print(f"Training {self.title} ...", flush=True)
            started = time.monotonic()
            log = BENCH_MODELS / f"{self.name}.log"
            with log.open("w") as output:
                subprocess.run(
                    [
                        *self.command,
                        *["train", "--force", "--config", self.config],
                        *["--out", str(BENCH_MODELS), "--fixed-model-name", model.name],
                    ],
                    cwd=ROOT,
                    env=child_environment(),
                    stdout=output,
                    stderr=output,
                    check=True,
                )
            seconds = time.monotonic() - started
            record.write_text(json.dumps({"seconds": seconds, "bytes": model.stat().st_size}))
        return json.loads(record.read_text())


OURS = Contender(
    "ours",
    "this assistant",
    "config.yml",
    "endpoints.yml",
    "credentials.yml",
    RASA,
    ("assistant/nlu/*.py", "data/statements/**/*.txt"),
)
RASA_DEFAULT = Contender(
    "default",
    "Rasa's default (10 of 100 epochs)",
    "bench/rasa_default/config.yml",
    "bench/rasa_default/endpoints.yml",
    "bench/rasa_default/credentials.yml",
)
