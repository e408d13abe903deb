"""Metrics as Prometheus reads them."""

from __future__ import annotations

from typing import Any, Dict, Iterable, Tuple

import requests
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

PREFIX = "assistant_"


def scrape(port: int) -> str:
    reply = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=10)
    assert reply.status_code == 200
    return reply.text


def families(port: int) -> Iterable[Metric]:
    """The metrics of the assistant's own."""
    return [found for found in text_string_to_metric_families(scrape(port)) if found.name.startswith(PREFIX)]


class Metrics:
    """The samples at a port, at a moment; what has no sample counts as 0."""

    def __init__(self, port: int) -> None:
        self._samples: Dict[Tuple[str, Any], float] = {
            (sample.name.removeprefix(PREFIX), frozenset(sample.labels.items())): sample.value
            for family in families(port)
            for sample in family.samples
        }

    def value(self, name: str, **labels: str) -> float:
        """The sum of the samples with some labels."""
        wanted = labels.items()
        return sum(value for (known, has), value in self._samples.items() if known == name and wanted <= has)
