"""Messages that a platform believes to be in good hands, until they are answered.

Slack and Teams get their answer before the turn, and do not send again what was received. A
message is therefore written to a file first; if the server is killed, the next one answers it.
"""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass, field
from typing import Dict, List

from assistant.stores.own_files import OwnFiles, Record
from assistant.stores.places import spool_folder

logger = logging.getLogger(__name__)


@dataclass
class Receipt:
    """A message that was received, and how far its answer has come.

    Attributes:
        token: names this receipt; stands in the metadata of the turn that belongs to it.
        message: what was received, redacted, as JSON.
        sent: how many messages of the answer the platform has taken, one more if it was killed just then.
        is_left: whether a killed server left it.
    """

    token: str
    message: Record
    inbox: Inbox = field(repr=False, compare=False)
    sent: int = 0
    is_left: bool = False

    def note_sent(self) -> None:
        """One more message of the answer has been sent."""
        self.sent += 1
        self.inbox.write({"token": self.token, "sent": self.sent})

    def close(self) -> None:
        """The message is answered."""
        self.inbox.close(self)


class Inbox:
    """The messages of one channel."""

    def __init__(self, channel: str) -> None:
        self._files = OwnFiles(spool_folder() / "inbox" / channel)
        self._receipts: Dict[str, Receipt] = {}
        for record in self._files.left:
            self._read(record)

    @property
    def left(self) -> List[Receipt]:
        """Those that are not answered yet; at the start, those of servers that were killed."""
        return list(self._receipts.values())

    def accept(self, message: Record) -> Receipt:
        """Keep a message; it survives the process when this returns."""
        receipt = Receipt(uuid.uuid4().hex, message, self)
        self._receipts[receipt.token] = receipt
        self.write({"token": receipt.token, "message": message})
        return receipt

    def close(self, receipt: Receipt) -> None:
        """Forget a message."""
        self._receipts.pop(receipt.token, None)
        if self._receipts:
            self.write({"token": receipt.token, "closed": True})
        else:
            self._files.clear()

    def write(self, record: Record) -> None:
        """Write a line; without room on the disk the message is in memory only."""
        try:
            self._files.append([record])
        except OSError as error:
            logger.error("The inbox cannot be written (%s).", error.strerror)

    def _read(self, record: Record) -> None:
        token = record["token"]
        if "message" in record:
            self._receipts[token] = Receipt(token, record["message"], self, is_left=True)
        elif record.get("closed"):
            self._receipts.pop(token, None)
        elif token in self._receipts:
            self._receipts[token].sent = record["sent"]
