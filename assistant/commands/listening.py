"""Where servers listen, from environment variables."""

from __future__ import annotations

import ipaddress
import os
from typing import Mapping

from assistant.commands.environment import CommandError

LOOPBACK = "127.0.0.1"


def port_of(name: str, default: int, environment: Mapping[str, str] = os.environ) -> int:
    """The port that a variable names, or the default.

    Raises:
        CommandError: it is none.
    """
    value = environment.get(name) or str(default)
    if not value.isdecimal() or not 1 <= int(value) <= 65535:
        raise CommandError(f"{name}={value} is not a port. Choose one from 1 to 65535.")
    return int(value)


def host_of(name: str, environment: Mapping[str, str] = os.environ) -> str:
    """The address to listen on that a variable names, or loopback.

    Raises:
        CommandError: it is none, or public and the assistant is not in production.
    """
    host = (environment.get(name) or LOOPBACK).strip()
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        raise CommandError(f"{name}={host} is not an IP address, such as 127.0.0.1 or 0.0.0.0.") from None
    if not address.is_loopback and not environment.get("PRODUCTION"):
        raise CommandError(
            f"{name}={host} can be reached by others. Set PRODUCTION=1 too (docs/channels.md)."
        )
    return host


def reached_at(host: str) -> str:
    """Where this machine reaches a server that listens on an address, as part of a URL."""
    address = ipaddress.ip_address(host)
    if address.is_unspecified:
        return LOOPBACK if address.version == 4 else "[::1]"
    return f"[{host}]" if address.version == 6 else host
