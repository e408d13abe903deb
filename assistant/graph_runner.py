"""Runs the components of the model one after the other, in an order that is found once.

Rasa (3.6.21) has Dask plan three times in every turn what never changes, which took a tenth of a turn.
"""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import Any, Dict, List, Optional, Tuple

import rasa.core.processor
from rasa.engine.runner.dask import DaskGraphRunner


def install() -> None:
    """Let Rasa's processor use this runner; safe to call more than once."""
    rasa.core.processor.DaskGraphRunner = GraphRunner


class GraphRunner(DaskGraphRunner):
    """A runner that remembers its plans."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._plans: Dict[Tuple[str, ...], List[str]] = {}

    def run(
        self, inputs: Optional[Dict[str, Any]] = None, targets: Optional[List[str]] = None
    ) -> Dict[str, Any]:
        """The output of each target; ``inputs`` stand for the nodes that have their names."""
        wanted = tuple(targets or self._graph_schema.target_names)
        outputs = {name: (name, value) for name, value in (inputs or {}).items()}
        if wanted not in self._plans:
            self._plans[wanted] = self._plan(wanted)
        for name in self._plans[wanted]:
            needs = self._graph_schema.nodes[name].needs.values()
            outputs[name] = self._instantiated_nodes[name](*(outputs[need] for need in needs))
        return dict(outputs[name] for name in wanted)

    def _plan(self, targets: Tuple[str, ...]) -> List[str]:
        """The nodes that targets need, each after those that it needs itself."""
        nodes = self._graph_schema.minimal_graph_schema(list(targets)).nodes
        order = TopologicalSorter({name: node.needs.values() for name, node in nodes.items()})
        return [name for name in order.static_order() if name in nodes]
