"""Ways in: each channel cleans what it receives and renders what is sent back."""

from assistant import graph_runner, processor, speedups
from assistant.server import rasa_app

speedups.apply()
graph_runner.install()
processor.install()
rasa_app.install()
