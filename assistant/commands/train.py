"""Train the model, unless one for the same inputs is there already.

The name of a model holds a fingerprint of everything that training depends on. Content is not
among it: what the assistant says can change without training.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Iterator, Sequence

from assistant.commands.environment import LOGS, MODELS, RASA, ROOT, CommandError, child_environment, tail

INPUTS = (
    "config.yml",
    "domain.yml",
    "data/**/*.yml",
    "data/statements/**/*.txt",
    "assistant/nlu/*.py",
    "assistant/policies/*.py",
    "requirements.txt",
)


def main() -> int:
    """Train and say which model is ready."""
    try:
        print(f"Model: {os.path.relpath(ensure_model(), ROOT)}")
    except CommandError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def ensure_model() -> Path:
    """The model for the current inputs, trained now if there is none.

    Raises:
        CommandError: training failed, or the model is not what was trained.
    """
    model = _model()
    if model.exists():
        _check(model)
    else:
        print("Training the model, about half a minute ...", flush=True)
        started = time.monotonic()
        _train(model)
        print(f"Trained in {time.monotonic() - started:.0f} s.", flush=True)
    return model


def trained_model() -> Path:
    """The model for the current inputs, where nothing can be trained.

    Raises:
        CommandError: there is none, or it is not what was trained.
    """
    model = _model()
    if not model.exists():
        raise CommandError(f"There is no model {model} for this training data. Run: make train")
    _check(model)
    return model


def fingerprint(patterns: Sequence[str] = INPUTS) -> str:
    """A short hash over names and bytes of the training inputs that the patterns name."""
    digest = hashlib.sha256()
    for path in _files(patterns):
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _model() -> Path:
    return MODELS / f"{fingerprint()}.tar.gz"


def _files(patterns: Sequence[str]) -> Iterator[Path]:
    for pattern in patterns:
        yield from sorted(ROOT.glob(pattern))


def _check(model: Path) -> None:
    """Refuse a model that was damaged or exchanged; Rasa would unpack whatever is there."""
    try:
        wanted = _checksum_file(model).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        wanted = ""
    if not hmac.compare_digest(wanted, _checksum(model)):
        raise CommandError(f"The model {model} is not what was trained. Delete it and run: make train")


def _checksum(model: Path) -> str:
    return hashlib.sha256(model.read_bytes()).hexdigest()


def _checksum_file(model: Path) -> Path:
    return model.with_name(f"{model.name}.sha256")


def _train(model: Path) -> None:
    """Train into a temporary folder and move the result, so that no half model is ever found."""
    MODELS.mkdir(exist_ok=True)
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / "train.log"
    folder = Path(tempfile.mkdtemp(prefix=".training-", dir=MODELS))
    # Rasa would read all data once more for its checks, which `make test` runs. Its cache of trained
    # components knows nothing of data/statements/, hence --force.
    options = ["--force", "--skip-validation", "--out", str(folder), "--fixed-model-name", "model"]
    try:
        with log.open("w", encoding="utf-8") as output:
            done = subprocess.run(
                [*RASA, "train", *options],
                cwd=ROOT,
                env=child_environment(),
                stdout=output,
                stderr=output,
                check=False,
            )
        trained = folder / "model.tar.gz"
        if done.returncode != 0 or not trained.exists():
            raise CommandError(f"Training failed. The end of {log}:\n{tail(log)}")
        _checksum_file(model).write_text(_checksum(trained), encoding="ascii")
        os.replace(trained, model)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
