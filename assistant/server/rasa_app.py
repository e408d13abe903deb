"""The application that Rasa's server runs: the channels' addresses and nothing else.

Rasa's own (3.6.21, without ``--enable-api``) has the address ``/`` too, which tells its version.
"""

from __future__ import annotations

from typing import List, Union

import rasa.core.run
from rasa.server import configure_cors
from sanic import Sanic

from assistant.server.guard import guard


def install() -> None:
    """Let Rasa run this application; safe to call more than once."""
    rasa.core.run._create_app_without_api = _create_app


def _create_app(cors: Union[str, List[str], None] = None) -> Sanic:
    app = Sanic("assistant", configure_logging=False)
    configure_cors(app, cors)
    return guard(app)
