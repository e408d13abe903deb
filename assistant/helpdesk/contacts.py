"""How a partner can be reached: the one thing that is not thrown away when a message is redacted.

Only the answer to the assistant's question for it is kept, encrypted, so that neither the database
nor a log nor another program can read it; the help desk decrypts it when a ticket is delivered.
"""

from __future__ import annotations

import base64
import hashlib
import os
from functools import cache
from pathlib import Path
from typing import Mapping, Optional

from cryptography.fernet import Fernet, InvalidToken

from assistant.commands.environment import ROOT
from assistant.redaction import first_contact
from assistant.settings.errors import SettingsError
from assistant.settings.own_secret import MIN_SECRET_LENGTH, own_secret

_SECRET_FILE = ROOT / "var" / "contact.secret"


def seal(text: str, environment: Mapping[str, str] = os.environ) -> Optional[str]:
    """The first e-mail address or phone number of a text, encrypted; ``None`` if there is none."""
    contact = first_contact(text)
    return _box(_secret(environment)).encrypt(contact.encode()).decode() if contact else None


def unseal(sealed: str, environment: Mapping[str, str] = os.environ) -> Optional[str]:
    """What was sealed; ``None`` if that was with another secret."""
    try:
        return _box(_secret(environment)).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _secret(environment: Mapping[str, str], file: Path = _SECRET_FILE) -> str:
    """``CONTACT_SECRET``, which several machines share, or one that is made and kept."""
    return environment.get("CONTACT_SECRET") or own_secret(file)


def check_secret(environment: Mapping[str, str] = os.environ) -> None:
    """Nothing, if contacts can be encrypted.

    Raises:
        SettingsError: ``CONTACT_SECRET`` is too short, or there is none and none can be kept.
    """
    if 0 < len(environment.get("CONTACT_SECRET", "")) < MIN_SECRET_LENGTH:
        raise SettingsError(f"CONTACT_SECRET needs at least {MIN_SECRET_LENGTH} characters.")
    try:
        _secret(environment)
    except OSError:
        raise SettingsError(
            "Set CONTACT_SECRET: var/contact.secret can be neither read nor written."
        ) from None


@cache
def _box(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest()))
