"""The intent recognisers that are measured: how each is installed, trained and served."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Dict, Mapping, Tuple, Union

from assistant.commands.environment import RASA, ROOT, child_environment, tail
from assistant.commands.train import fingerprint
from bench import contenders as assistants
from bench.contenders import BENCH_MODELS
from bench.nlu.data import export

_INSTALLED = ROOT / "var" / "bench"
_HERE = "bench/nlu"
_LONGEST_TRAINING_S = 1200
_PIP = "-m pip install --quiet --disable-pip-version-check --no-input --no-deps --require-hashes --use-pep517"


class Unusable(Exception):
    """Raised when a contender cannot be measured; the message says why."""


@dataclass(frozen=True)
class RasaModel:
    """An assistant of ``make bench``, asked for its understanding only."""

    assistant: assistants.Contender
    launcher: Tuple[str, ...]
    options: Tuple[str, ...] = ()
    given_language: bool = False

    @property
    def title(self) -> str:
        return self.assistant.title

    def train(self) -> Dict[str, Any]:
        """Train once for the current data and return the record of it."""
        return self.assistant.train()

    @property
    def command(self) -> Tuple[str, ...]:
        return (*self.launcher, "bench.nlu.rasa_agent", str(self.assistant.model), *self.options)

    @property
    def environment(self) -> Dict[str, str]:
        return child_environment()


@dataclass(frozen=True)
class Peer:
    """A recogniser with an installation of its own.

    Attributes:
        needs: programs that have to be on this machine.
        installation: the commands that install it, run in its folder under ``var/bench``.
        lists: the files of pinned packages, which those commands find there.
        program: what trains and serves it.
    """

    name: str
    title: str
    needs: Tuple[str, ...]
    installation: Tuple[Tuple[str, ...], ...]
    lists: Tuple[str, ...]
    program: Tuple[str, ...]
    code: Tuple[str, ...]
    variables: Mapping[str, str]
    given_language: bool = True

    @property
    def folder(self) -> Path:
        return _INSTALLED / self.name

    @property
    def model(self) -> Path:
        inputs = ("data/nlu/**/*.yml", f"{_HERE}/data.py", *self.code, *self._lists)
        return BENCH_MODELS / f"{self.name}-{fingerprint(inputs)}"

    @property
    def command(self) -> Tuple[str, ...]:
        return (*self.program, "serve", str(self.model))

    @property
    def environment(self) -> Dict[str, str]:
        return child_environment(**self.variables)

    @property
    def _lists(self) -> Tuple[str, ...]:
        return tuple(f"{_HERE}/{name}" for name in self.lists)

    def train(self) -> Dict[str, Any]:
        """Install and train once for the current data; the record of that run is kept beside the model.

        Raises:
            Unusable: it cannot be installed or trained here.
        """
        self._install()
        model = self.model
        record = model.with_name(f"{model.name}.json")
        if not record.exists():
            print(f"Training {self.title} ...", flush=True)
            shutil.rmtree(model, ignore_errors=True)
            model.mkdir(parents=True)
            seconds = self._train(model)
            size = sum(path.stat().st_size for path in model.rglob("*") if path.is_file())
            record.write_text(json.dumps({"seconds": seconds, "bytes": size}))
        return json.loads(record.read_text())

    def _train(self, model: Path) -> float:
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder) / "examples.jsonl"
            export(data)
            started = time.monotonic()
            self._run((*self.program, "train", str(data), str(model)), ROOT, "trained")
            return time.monotonic() - started

    def _install(self) -> None:
        complete = self.folder / f".complete-{fingerprint(self._lists)}"
        if complete.exists():
            return
        missing = [program for program in self.needs if not shutil.which(program)]
        if missing:
            raise Unusable(f"not installed: needs {', '.join(missing)}")
        print(f"Installing {self.title} ...", flush=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        for name in self._lists:
            shutil.copy(ROOT / name, self.folder)
        for command in self.installation:
            self._run(command, self.folder, "installed")
        complete.touch()

    def _run(self, command: Tuple[str, ...], folder: Path, what: str) -> None:
        log = self.folder / f"{what}.log"
        with log.open("w", encoding="utf-8") as output:
            try:
                subprocess.run(
                    command,
                    cwd=folder,
                    env=self.environment,
                    stdout=output,
                    stderr=output,
                    timeout=_LONGEST_TRAINING_S,
                    check=True,
                )
            except subprocess.TimeoutExpired:
                raise Unusable(f"not {what} within {_LONGEST_TRAINING_S // 60} minutes") from None
            except (OSError, subprocess.CalledProcessError):
                raise Unusable(f"not {what} (see {log.relative_to(ROOT)}): {tail(log, 1)}") from None


Contender = Union[RasaModel, Peer]

OURS = RasaModel(assistants.OURS, RASA[:-1], ("--channel",))
RASA_DEFAULT = RasaModel(assistants.RASA_DEFAULT, (sys.executable, "-m"))
NLPJS = Peer(
    "nlpjs",
    "nlp.js, language given",
    needs=("node", "npm"),
    installation=(("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--logs-max=0"),),
    lists=("package.json", "package-lock.json"),
    program=("node", str(ROOT / _HERE / "nlpjs.js")),
    code=(f"{_HERE}/nlpjs.js",),
    variables={"NODE_PATH": str(_INSTALLED / "nlpjs" / "node_modules")},
)
NLPJS_GUESSING = replace(NLPJS, title="nlp.js, language guessed", given_language=False)
PADATIOUS = Peer(
    "padatious",
    "padatious (50 examples an intent), language given",
    needs=("swig",),
    installation=(
        (sys.executable, "-m", "venv", "."),
        ("bin/python", *_PIP.split(), "--requirement", "padatious.txt"),
    ),
    lists=("padatious.txt",),
    program=(str(_INSTALLED / "padatious" / "bin" / "python"), "-m", "bench.nlu.padatious"),
    code=(f"{_HERE}/padatious.py",),
    variables={},
)
ALL = (OURS, RASA_DEFAULT, NLPJS, NLPJS_GUESSING, PADATIOUS)
