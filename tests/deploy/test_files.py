"""The files of deploy/ are what the programs that read them expect, and give nobody more than needed."""

from __future__ import annotations

import re

import pytest

from assistant.commands import train
from assistant.commands.environment import ROOT
from tests.deploy.tools import DEPLOY, documents, passes, run, variables

SECRETS = dict.fromkeys(
    ["POSTGRES_PASSWORD", "REDIS_PASSWORD", "WEB_SECRET", "ACTIONS_SECRET", "CONTACT_SECRET"],
    "0123456789abcdef0123456789abcdef",
)
YAML_RULES = (
    "{extends: default, rules: {document-start: disable, line-length: {max: 140}, comments: {level: error}}}"
)


def test_the_yaml_files_are_well_formed():
    passes("yamllint", "--strict", "-d", YAML_RULES, ".")


# The image.


def test_the_description_of_the_image_follows_the_rules_of_hadolint():
    passes("hadolint", "Dockerfile")


def test_the_image_is_run_by_nobody_in_particular():
    users = re.findall(r"^USER (.*)", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert users == ["10001:10001"]


def test_whatever_training_depends_on_is_in_the_image_as_it_is_where_the_model_is_trained():
    stages = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").split("\nFROM ")
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    wanted = {pattern.split("/")[0] for pattern in train.INPUTS}
    packages, model, last = stages[-3:]
    for copied in (packages + model, last):
        words = {word for line in copied.splitlines() if line.startswith("COPY") for word in line.split()}
        assert wanted <= words
    assert {f"!{name}" for name in wanted} <= set(ignored)


# Docker Compose.


@pytest.fixture(scope="module")
def composed(tmp_path_factory):
    """What Compose makes of the file and an .env as docs/deploy.md makes it."""
    folder = tmp_path_factory.mktemp("compose")
    for name in ("compose.yaml", "nginx.conf.template"):
        (folder / name).write_bytes((DEPLOY / name).read_bytes())
    settings = {**variables(DEPLOY / "example.env"), **SECRETS, "WEB_ORIGINS": "https://www.example.com"}
    lines = "".join(f"{name}={value}\n" for name, value in settings.items())
    (folder / ".env").write_text(lines, encoding="utf-8")
    file = str(folder / "compose.yaml")
    return documents(passes("docker-compose", "--file", file, "--profile", "events", "config"))[0]["services"]


def test_without_its_secrets_nothing_is_started():
    done = run("docker-compose", "--file", "compose.yaml", "config", "--quiet")
    assert done.returncode != 0
    for name in SECRETS:
        assert re.search(f"{name} is missing a value: set it in deploy/.env", done.stderr)
    assert set(SECRETS) < set(variables(DEPLOY / "example.env"))


def test_no_container_is_root_writes_to_its_files_or_takes_more_than_its_share(composed):
    for name, service in composed.items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert int(service["user"].split(":")[0]) > 0, name
        assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}, name
        assert "healthcheck" in service or name == "tables"


def test_only_the_proxy_can_be_reached_and_only_servers_reach_out(composed):
    assert [name for name, service in composed.items() if service.get("ports")] == ["proxy"]
    reach_out = {name for name, service in composed.items() if "outside" in service["networks"]}
    assert reach_out == {"proxy", "server-1", "server-2"}


def test_the_proxy_gets_all_that_its_configuration_asks_for(composed):
    template = (DEPLOY / "nginx.conf.template").read_text(encoding="utf-8")
    assert set(re.findall(r"\$\{([A-Z_]+)\}", template)) <= set(composed["proxy"]["environment"])


# Kubernetes.


@pytest.fixture(scope="module")
def rendered():
    return passes("kubectl", "kustomize", "kubernetes")


@pytest.fixture(scope="module")
def pods(rendered):
    """The pods by the names of what starts them."""
    return {
        found["metadata"]["name"]: found["spec"]["template"]
        for found in documents(rendered)
        if "template" in found.get("spec", {})
    }


@pytest.mark.parametrize("version", ["1.30", "1.37"])
def test_kubernetes_knows_every_field(rendered, tmp_path, version):
    (tmp_path / "rendered.yaml").write_text(rendered, encoding="utf-8")
    passes("kubernetes-validate", "-k", version, "--strict", str(tmp_path / "rendered.yaml"))


def test_pods_keep_to_the_restricted_standard_and_to_their_share(pods):
    assert set(pods) == {"server", "actions", "tables"}
    for name, pod in pods.items():
        spec = pod["spec"]
        assert spec["securityContext"]["runAsNonRoot"], name
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert spec["automountServiceAccountToken"] is False, name
        # Kubernetes would set ACTIONS_PORT to an address.
        assert spec["enableServiceLinks"] is False, name
        for container in spec["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }, name
            for kind in ("requests", "limits"):
                assert set(container["resources"][kind]) == {"cpu", "memory"}, name


def test_servers_are_probed_end_in_peace_and_are_never_all_away(rendered, pods):
    for name in ("server", "actions"):
        container = pods[name]["spec"]["containers"][0]
        assert {"startupProbe", "readinessProbe", "livenessProbe"} <= set(container)
        assert (
            container["lifecycle"]["preStop"]["sleep"]["seconds"] + 15
            < (pods[name]["spec"]["terminationGracePeriodSeconds"])
        )
        kinds = {found["kind"] for found in documents(rendered) if found["metadata"]["name"] == name}
        assert {"Deployment", "Service", "HorizontalPodAutoscaler", "PodDisruptionBudget"} <= kinds


def test_what_goes_on_without_its_database_is_not_taken_away_from_partners(pods):
    container = pods["server"]["spec"]["containers"][0]
    paths = {name: probe["httpGet"]["path"] for name, probe in container.items() if name.endswith("Probe")}
    assert paths == {
        "startupProbe": "/health/ready",
        "readinessProbe": "/health/live",
        "livenessProbe": "/health/live",
    }


def test_the_network_allows_nothing_but_what_a_policy_names(rendered, pods):
    policies = [found["spec"] for found in documents(rendered) if found["kind"] == "NetworkPolicy"]
    assert {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]} in policies
    selected = [policy["podSelector"].get("matchLabels", {}) for policy in policies]
    for name, pod in pods.items():
        labels = pod["metadata"]["labels"].items()
        assert any(labels_of and labels_of.items() <= labels for labels_of in selected), name


def test_the_actions_are_told_no_secret_but_their_own(pods):
    container = pods["actions"]["spec"]["containers"][0]
    assert not any("secretRef" in source for source in container["envFrom"])
    assert [variable["name"] for variable in container["env"]] == ["ACTIONS_SECRET"]


def test_the_example_of_secrets_has_all_that_a_server_needs():
    names = set(variables(DEPLOY / "kubernetes" / "secrets.example.env"))
    stores = {"CONVERSATIONS_DB", "LOCK_STORE", "RATE_LIMIT_STORAGE"}
    assert names == {*stores, "WEB_SECRET", "ACTIONS_SECRET", "CONTACT_SECRET"}


def test_no_secret_is_in_git():
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"deploy/.env", "deploy/tls/", "deploy/kubernetes/secrets.env"} <= set(ignored)
