"""Rasa without TensorFlow: ``python -m assistant.tensorflow_free rasa run ...``.

Rasa imports TensorFlow at the start for components that learn with it, such as DIET and TED. This
assistant has none of them, and the import costs 370 MB and 8 s (3.6.21, two cores). Empty
stand-ins in its place are enough for Rasa's modules to be imported.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import logging
import runpy
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Iterator, Optional

from assistant.commands.environment import ROOT
from assistant.parent import end_with_parent

_PACKAGES = {"tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras"}
_USERS = (
    "DIETClassifier",
    "ResponseSelector",
    "ConveRTFeaturizer",
    "LanguageModelFeaturizer",
    "TEDPolicy",
    "UnexpecTEDIntentPolicy",
)


def apply(config: Path) -> bool:
    """Keep TensorFlow out of this process, to be called before the first import of Rasa.

    Args:
        config: the configuration of the pipeline; if it names a component that needs
            TensorFlow, nothing is changed.

    Returns:
        Whether TensorFlow is kept out.
    """
    if "tensorflow" in sys.modules or any(user in config.read_text(encoding="utf-8") for user in _USERS):
        return False
    sys.meta_path.insert(0, _Finder())
    return True


class _StandIn(type):
    """The type of everything that is read from a stand-in module.

    It can be a base class, a decorator and a part of a type; creating an object of it fails.
    """

    def __getattr__(cls, name: str) -> _StandIn:
        if name.startswith("__"):
            raise AttributeError(name)
        return _stand_in(name)

    def __call__(cls, *args: Any, **kwargs: Any) -> _StandIn:
        if cls.__bases__ != (object,):
            raise RuntimeError(f"{cls.__name__} needs TensorFlow, which this process keeps out.")
        return cls

    def __getitem__(cls, key: Any) -> _StandIn:
        return cls

    def __iter__(cls) -> Iterator[Any]:
        return iter(())

    def __len__(cls) -> int:
        return 0


def _stand_in(name: str) -> _StandIn:
    return _StandIn(name, (), {})


class _Module(ModuleType):
    def __getattr__(self, name: str) -> _StandIn:
        if name.startswith("__"):
            raise AttributeError(name)
        return _stand_in(name)


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(
        self, name: str, path: Any = None, target: Any = None
    ) -> Optional[importlib.machinery.ModuleSpec]:
        if name.partition(".")[0] in _PACKAGES:
            return importlib.util.spec_from_loader(name, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run."""


def main() -> None:
    """Run the module that the first argument names, with the other arguments."""
    end_with_parent()
    # Libraries turn their warnings, which are for their developers, on again when they are imported.
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    apply(ROOT / "config.yml")
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
