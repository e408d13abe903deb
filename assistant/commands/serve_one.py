"""Turn this process into one of the two servers: ``python -m assistant.commands.serve_one rasa``.

For containers: what is logged goes to the terminal, signals reach the server itself, nothing is
trained or written beside it. The two find each other by these variables; docs/channels.md has the rest:

    rasa       HOST, PORT, ACTIONS_URL, ACTIONS_SECRET
    actions    ACTIONS_HOST, ACTIONS_PORT, ACTIONS_SECRET
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass
from typing import Callable, Dict, List
from urllib.parse import urlsplit

from assistant.commands.environment import ACTIONS, ROOT, CommandError, child_environment
from assistant.commands.listening import host_of, port_of, reached_at
from assistant.commands.serve import check_content, check_ports, rasa_command
from assistant.commands.train import trained_model
from assistant.content import ContentError
from assistant.helpdesk import check_help_desk
from assistant.parent import END_WITH_PARENT
from assistant.settings import overview
from assistant.settings.own_secret import MIN_SECRET_LENGTH


@dataclass(frozen=True)
class Program:
    """What a process turns into."""

    command: List[str]
    environment: Dict[str, str]


def main() -> int:
    """Does not return, unless something is missing; then with the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("server", choices=sorted(_PROGRAMS))
    server = parser.parse_args().server
    # Conversations are nobody else's business.
    os.umask(0o077)
    try:
        check_content()
        program = _PROGRAMS[server]()
    except (CommandError, ContentError) as error:
        print(error, file=sys.stderr)
        return 1
    os.chdir(ROOT)
    sys.stdout.flush()
    os.execve(program.command[0], program.command, program.environment)


def _rasa() -> Program:
    host, port = host_of("HOST"), port_of("PORT", 5005)
    secret, actions_url = _secret(), _actions_url()
    check_ports(PORT=(host, port))
    check_help_desk()
    print(*overview(f"http://{reached_at(host)}:{port}"), sep="\n")
    environment = child_environment(ACTIONS_URL=actions_url, ACTIONS_SECRET=secret, **_ALONE)
    return Program(rasa_command(host, port, trained_model()), environment)


def _actions() -> Program:
    host, port = host_of("ACTIONS_HOST"), port_of("ACTIONS_PORT", 5055)
    secret = _secret()
    check_ports(ACTIONS_PORT=(host, port))
    environment = child_environment(
        ACTIONS_HOST=host, ACTIONS_PORT=str(port), ACTIONS_SECRET=secret, **_ALONE
    )
    return Program(list(ACTIONS), environment)


def _secret() -> str:
    secret = os.environ.get("ACTIONS_SECRET", "")
    if len(secret) < MIN_SECRET_LENGTH:
        raise CommandError(
            f"ACTIONS_SECRET needs at least {MIN_SECRET_LENGTH} characters, the same on all servers; "
            "whoever knows it may use the action servers (docs/deploy.md)."
        )
    return secret


def _actions_url() -> str:
    url = os.environ.get("ACTIONS_URL", "")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise CommandError(
            "ACTIONS_URL has to be the address of the action servers, such as http://actions:5055/webhook."
        )
    return url


# The parent of a container's first process may be gone while the container runs.
_ALONE = {END_WITH_PARENT: ""}
_PROGRAMS: Dict[str, Callable[[], Program]] = {"actions": _actions, "rasa": _rasa}


if __name__ == "__main__":
    sys.exit(main())
