"""Rasa's own checks: the project validates, and the policies follow the stories."""

import json
import subprocess

from assistant.commands.environment import RASA, ROOT, child_environment
from assistant.commands.train import ensure_model


def rasa(*arguments):
    done = subprocess.run(
        [*RASA, *arguments],
        cwd=ROOT,
        env=child_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_the_project_validates_without_a_warning():
    code, output = rasa("data", "validate", "--fail-on-warnings")
    assert code == 0, output


def test_the_policies_follow_every_story(tmp_path):
    code, output = rasa(
        *["test", "core", "--stories", "tests/stories/stories.yml", "--model", str(ensure_model())],
        *["--out", str(tmp_path), "--no-plot"],
    )
    assert code == 0, output
    report = json.loads((tmp_path / "story_report.json").read_text())
    assert report["conversation_accuracy"]["accuracy"] == 1.0, output
