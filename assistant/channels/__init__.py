"""Ways in: each channel cleans what it receives and renders what is sent back."""

from assistant import processor, speedups
from assistant.server import rasa_app

speedups.apply()
processor.install()
rasa_app.install()
