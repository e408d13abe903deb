"""Each case runs in a process of its own, because an import cannot be undone."""

import subprocess
import sys

from assistant.commands.environment import ROOT, child_environment


def run(code, config=ROOT / "config.yml"):
    program = f"from pathlib import Path\nfrom assistant import tensorflow_free\n{code}"
    done = subprocess.run(
        [sys.executable, "-c", program, str(config)],
        cwd=ROOT,
        env=child_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() or done.stderr


def test_rasa_can_be_imported_without_tensorflow():
    output = run(
        "tensorflow_free.apply(Path('config.yml'))\n"
        "import sys, rasa.core.agent, rasa.engine.recipes.default_components\n"
        "print(hasattr(sys.modules['tensorflow'], '__version__'))"
    )
    assert output == "False", output


def test_a_component_that_needs_tensorflow_says_so():
    output = run(
        "tensorflow_free.apply(Path('config.yml'))\n"
        "from rasa.utils.tensorflow.models import RasaModel\n"
        "RasaModel()"
    )
    assert "RasaModel needs TensorFlow" in output


def test_a_pipeline_with_such_a_component_keeps_tensorflow(tmp_path):
    config = tmp_path / "config.yml"
    config.write_text("pipeline:\n- name: DIETClassifier\n")
    assert run("import sys; print(tensorflow_free.apply(Path(sys.argv[1])))", config) == "False"
