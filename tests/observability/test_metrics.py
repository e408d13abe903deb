"""What Prometheus reads after conversations over HTTP."""

import psutil
import pytest
import requests

from assistant.commands.environment import ROOT
from assistant.observability.instruments import Fault, Stage
from tests.observability.metrics import Metrics, families, scrape
from tests.server import Chat, serve

ERROR = "This Access ID is already associated to an account"


@pytest.fixture
def counted(metrics_port):
    """By how much a counter has grown in the test."""
    before = Metrics(metrics_port)

    def grown(name, **labels):
        return Metrics(metrics_port).value(name, **labels) - before.value(name, **labels)

    return grown


def test_turns_are_counted_by_channel_language_and_outcome(watched, counted):
    english, german = Chat(watched), Chat(watched)
    english.say("Hello")
    english.say("What is the weather like today?")
    german.say("Wer darf die Vorteile aktivieren?")
    labels = {"channel": "rest", "language": "en"}
    assert counted("turns_total", **labels, outcome="answered") == 1
    assert counted("turns_total", **labels, outcome="out_of_scope") == 1
    assert counted("turns_total", channel="rest", language="de", outcome="answered") == 1
    assert counted("turns_total") == 3


def test_messages_are_counted_by_their_intent(watched, counted):
    chat = Chat(watched)
    chat.say("Hello")
    chat.say(ERROR)
    assert counted("intents_total", intent="greet") == 1
    assert counted("intents_total", intent="error_access_id_associated") == 1


def test_the_widget_is_a_channel_of_its_own(watched, counted):
    requests.post(f"{watched.url}/chat/session", json={"locale": "de"}, timeout=30)
    assert counted("turns_total", channel="web", language="de") == 1


def test_each_turn_is_measured_and_its_stages_add_up_to_it(watched, counted):
    chat = Chat(watched)
    for text in ("Hello", ERROR, "Walk me through it"):
        chat.say(text)
    assert counted("turn_seconds_count", channel="rest") == 3
    assert {stage: counted("turn_stage_seconds_count", stage=stage) for stage in Stage.ALL} == dict.fromkeys(
        Stage.ALL, 3
    )
    total = counted("turn_seconds_sum", channel="rest")
    assert counted("turn_stage_seconds_sum") == pytest.approx(total, rel=0.001)
    assert min(counted("turn_stage_seconds_sum", stage=stage) for stage in Stage.ALL) > 0


def test_guides_are_counted_when_they_start_and_by_how_they_end(watched, counted):
    guide = "access_id_error"
    chat = Chat(watched)
    chat.say(ERROR)
    chat.press("Walk me through it")
    assert counted("guides_started_total", guide=guide) == 1
    assert counted("guides_ended_total") == 0
    chat.say("Action Pack")
    assert counted("guides_ended_total", guide=guide, outcome="unresolved") == 1
    assert counted("guides_ended_total") == 1


def test_persons_are_counted_as_offered_and_tickets_as_recorded(watched, counted):
    chat = Chat(watched)
    chat.say("I want to talk to a person")
    assert counted("handoffs_total") == 0
    for text in ("answer me here", "It can wait", "nothing else", "send it"):
        chat.say(text)
    assert counted("handoffs_total", result="recorded") == 1
    assert counted("handoffs_total") == 1


def test_feedback_is_counted(watched, counted):
    chat = Chat(watched)
    chat.say("Who may activate the benefits?")
    chat.press("No, not yet")
    chat.say("that solved it, thanks")
    assert counted("feedback_total", said="not_solved") == 1
    assert counted("feedback_total", said="solved") == 1


def test_readiness_is_that_of_the_health_check(watched, metrics_port):
    checks = requests.get(f"{watched.url}/health/ready", timeout=10).json()["checks"]
    metrics = Metrics(metrics_port)
    assert {check: metrics.value("ready", check=check) for check in checks} == dict.fromkeys(checks, 1.0)


def test_every_fault_begins_at_zero_so_that_its_first_time_is_seen(watched, metrics_port):
    faults = next(family for family in families(metrics_port) if family.name == "assistant_faults")
    assert {sample.labels["kind"] for sample in faults.samples} == {fault.value for fault in Fault}


def test_no_metric_tells_what_was_said_or_by_whom(watched, metrics_port):
    chat = Chat(watched)
    chat.say("xylophone is our secret")
    text = scrape(metrics_port)
    assert chat.sender not in text
    assert "xylophone" not in text


def test_every_metric_is_in_the_documentation(watched, metrics_port):
    documented = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    missing = [family.name for family in families(metrics_port) if family.name not in documented]
    assert missing == []


def test_metrics_are_for_this_machine_only(watched, metrics_port):
    listening = [
        connection.laddr.ip
        for process in psutil.Process(watched.process.pid).children(recursive=True)
        for connection in process.connections(kind="tcp")
        if connection.status == psutil.CONN_LISTEN and connection.laddr.port == metrics_port
    ]
    assert listening == ["127.0.0.1"]


def test_the_public_port_has_no_metrics(watched):
    assert requests.get(f"{watched.url}/metrics", timeout=10).status_code == 404


def test_the_start_says_where_metrics_are(watched, metrics_port):
    assert f"Metrics: http://127.0.0.1:{metrics_port}/metrics\n" in watched.output


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"METRICS_PORT": "http"}, "METRICS_PORT=http is not a port. Choose one from 1 to 65535."),
        (
            {"METRICS_PORT": "9100", "METRICS_HOST": "0.0.0.0"},
            "METRICS_HOST=0.0.0.0 can be reached by others. Set PRODUCTION=1 too (docs/channels.md).",
        ),
        (
            {"METRICS_PORT": "9100", "PORT": "9100", "ACTIONS_PORT": "9101"},
            "PORT and ACTIONS_PORT and METRICS_PORT have to differ.",
        ),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT=xml has to be text or json (docs/metrics.md)."),
        ({"LOG_SECRET": "short"}, "LOG_SECRET needs at least 32 characters."),
    ],
)
def test_a_setting_that_cannot_be_used_is_one_clear_line(variables, message):
    assert serve(**variables) == (1, f"{message}\n")
