"""Starting and stopping, the way ``make serve`` does it."""

import shutil
import signal
import socket

import psutil
import pytest
import requests

from assistant.commands import train
from assistant.commands.environment import ROOT
from tests.server import Assistant, Chat, free_port, serve, wait_for


@pytest.mark.parametrize("name", ["PORT", "ACTIONS_PORT"])
def test_a_busy_port_is_one_clear_line(name):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        ports = {"PORT": str(free_port()), "ACTIONS_PORT": str(free_port()), name: str(port)}
        code, output = serve(**ports)
    assert code == 1
    assert output.strip() == f"Port {port} is in use. Choose another: make serve {name}={port + 1}"


@pytest.mark.parametrize("port", ["0", "70000", "http", "-1"])
def test_a_port_that_is_none_is_one_clear_line(port):
    code, output = serve(PORT=port)
    assert code == 1
    assert output.strip() == f"PORT={port} is not a port. Choose one from 1 to 65535."


def test_two_servers_cannot_share_a_port():
    port = str(free_port())
    code, output = serve(PORT=port, ACTIONS_PORT=port)
    assert (code, output.strip()) == (1, "PORT and ACTIONS_PORT have to differ.")


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_a_public_address_needs_production(host):
    code, output = serve(HOST=host)
    assert code == 1
    assert output.strip() == f"HOST={host} can be reached by others. Set PRODUCTION=1 too (docs/channels.md)."


def test_a_host_that_is_no_address_is_one_clear_line():
    code, output = serve(HOST="example.com")
    assert (code, output.strip()) == (
        1,
        "HOST=example.com is not an IP address, such as 127.0.0.1 or 0.0.0.0.",
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_both_servers(tmp_path, number):
    assistant = Assistant(tmp_path)
    assistant.start()
    assistant.wait_until_ready()
    children = psutil.Process(assistant.process.pid).children(recursive=True)
    assert len(children) >= 2
    assert assistant.stop(number) == 0
    wait_for(lambda: not any(child.is_running() for child in children))


def test_a_server_that_dies_stops_the_other_and_says_so(tmp_path):
    assistant = Assistant(tmp_path)
    assistant.start()
    assistant.wait_until_ready()
    actions = next(
        child
        for child in psutil.Process(assistant.process.pid).children()
        if "action_server" in " ".join(child.cmdline())
    )
    actions.kill()
    assert assistant.process.wait(30) == 1
    assert "The actions server ended" in assistant.output


def test_conversations_survive_a_kill_and_a_restart(tmp_path):
    assistant = Assistant(tmp_path)
    assistant.start()
    assistant.wait_until_ready()
    chat = Chat(assistant)
    chat.say("Diese Zugriffs-ID ist bereits einem Konto zugeordnet")
    chat.press("Schritt für Schritt")
    chat.press("Gold-Kompetenz")
    servers = psutil.Process(assistant.process.pid).children()
    assistant.stop(signal.SIGKILL)
    psutil.wait_procs(servers, timeout=30)
    assistant.start()
    assistant.wait_until_ready()
    chat.say("zurück")
    assistant.stop()
    assert "Schritt 1 von" in chat.text


def test_both_servers_listen_on_loopback_only(assistant):
    listening = {
        connection.laddr
        for process in psutil.Process(assistant.process.pid).children(recursive=True)
        for connection in process.connections(kind="tcp")
        if connection.status == psutil.CONN_LISTEN
    }
    assert {address.port for address in listening} == {assistant.port, assistant.actions_port}
    assert {address.ip for address in listening} == {"127.0.0.1"}


def test_nobody_else_can_read_conversations_and_logs(tmp_path):
    assistant = Assistant(tmp_path)
    assistant.start()
    assistant.wait_until_ready()
    Chat(assistant).say("Hello")
    assistant.stop()
    assistant.start()
    assistant.wait_until_ready()
    assistant.stop()
    kept = [assistant.database, *(tmp_path / "log" / name for name in ("rasa.log", "rasa.log.1"))]
    assert [oct(path.stat().st_mode & 0o077) for path in kept] == ["0o0"] * 3


def test_libraries_tell_the_log_nothing_that_is_for_their_developers(assistant):
    log = (assistant.folder / "log" / "rasa.log").read_text(encoding="utf-8")
    assert "Rasa server is up and running" in log
    assert "py.warnings" not in log


def test_the_rest_format_is_off_in_production(tmp_path):
    assistant = Assistant(tmp_path, environment={"PRODUCTION": "1"})
    assistant.start()
    assistant.wait_until_ready()
    reply = assistant.post({"sender": "someone", "message": "hello"})
    assistant.stop()
    assert reply.status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        [],
        "text",
        None,
        5,
        {"sender": "a"},
        {"sender": "a", "message": 5},
        {"message": "x"},
        {"sender": " ", "message": "x"},
    ],
)
def test_a_malformed_request_is_refused_with_a_reason(assistant, body):
    reply = assistant.post(body)
    assert reply.status_code == 400
    assert reply.json()["error"]


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b"[" * 60_000])
def test_a_body_that_is_no_json_is_refused(assistant, data):
    reply = requests.post(f"{assistant.url}/webhooks/rest/webhook", data=data, timeout=30)
    assert reply.status_code == 400


@pytest.mark.parametrize("spoil", ["damaged", "exchanged", "without its checksum"])
def test_a_model_that_is_not_what_was_trained_is_refused(tmp_path, spoil):
    trained = train.ensure_model()
    model, checksum = (tmp_path / name for name in (trained.name, f"{trained.name}.sha256"))
    shutil.copy(trained, model)
    shutil.copy(trained.with_name(checksum.name), checksum)
    if spoil == "damaged":
        model.write_bytes(trained.read_bytes()[:-100])
    elif spoil == "exchanged":
        model.write_bytes(b"another model")
    else:
        checksum.unlink()
    code, output = serve(PORT=str(free_port()), ACTIONS_PORT=str(free_port()), MODELS=str(tmp_path))
    assert code == 1
    assert output.strip() == f"The model {model} is not what was trained. Delete it and run: make train"


def test_content_is_no_training_input():
    content = ROOT / "content"
    inputs = [path for pattern in train.INPUTS for path in ROOT.glob(pattern)]
    assert inputs
    assert not any(path.is_relative_to(content) for path in inputs)
