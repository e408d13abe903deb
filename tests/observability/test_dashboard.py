"""The dashboard and the alerts ask for what there is, in words that Prometheus understands."""

import json
import re

import pytest

from assistant.commands.environment import ROOT
from tests.observability.metrics import families
from tests.server import Chat, wait_for
from tests.services import Prometheus, promtool

DASHBOARD = ROOT / "deploy" / "grafana" / "dashboard.json"
ALERTS = ROOT / "deploy" / "prometheus" / "alerts.yml"
# What Grafana fills in.
VARIABLES = {"$__rate_interval": "1m", "$job": ".*", "$instance": ".*"}
NAME = re.compile(r"\bassistant_\w+\b")
# Only with Teams or Slack.
SENDING = "assistant_send_seconds"


def panels():
    return json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]


def expressions():
    for panel in panels():
        for target in panel["targets"]:
            expression = target["expr"]
            for variable, value in VARIABLES.items():
                expression = expression.replace(variable, value)
            yield expression


@pytest.fixture(scope="module")
def prometheus(watched, metrics_port, tmp_path_factory):
    service = Prometheus(tmp_path_factory.mktemp("prometheus"), target=metrics_port, rules=ALERTS)
    service.start()
    yield service
    service.stop()


def test_every_metric_that_is_asked_for_exists(watched, metrics_port):
    Chat(watched).say("Hello")
    known = {sample.name for family in families(metrics_port) for sample in family.samples}
    known |= {f"{SENDING}_{part}" for part in ("bucket", "sum", "count")}
    asked = {
        name for text in (*expressions(), ALERTS.read_text(encoding="utf-8")) for name in NAME.findall(text)
    }
    assert asked
    assert asked - known == set()


def test_every_metric_of_ours_is_in_the_dashboard(watched, metrics_port):
    shown = " ".join(expressions())
    assert [family.name for family in families(metrics_port) if family.name not in shown] == []


def test_the_rules_are_well_formed():
    promtool("check", "rules", str(ALERTS))


def test_every_alert_fires_when_it_should_and_not_before():
    promtool("test", "rules", str(ROOT / "tests" / "observability" / "alerts_test.yml"))


def test_prometheus_answers_every_question_of_the_dashboard(prometheus, watched):
    def is_read_twice():
        query = 'count_over_time(assistant_turns_total{outcome="out_of_scope"}[1m]) > 1'
        return bool(prometheus.ask("query", query=query)["result"])

    Chat(watched).say("What is the weather like today?")
    wait_for(is_read_twice)
    assert [
        expression
        for expression in expressions()
        if SENDING not in expression and not prometheus.ask("query", query=expression)["result"]
    ] == []


def test_no_alert_fires_while_all_is_well(prometheus, watched):
    def rules():
        (group,) = prometheus.ask("rules")["groups"]
        return group["rules"]

    wait_for(lambda: all(rule["health"] == "ok" for rule in rules()))
    assert {rule["name"]: rule["state"] for rule in rules()} == {rule["name"]: "inactive" for rule in rules()}


def test_panels_do_not_lie_on_each_other():
    taken = [
        (x, y)
        for place in (panel["gridPos"] for panel in panels())
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(taken) == len(set(taken))
    assert max(x for x, _ in taken) < 24
