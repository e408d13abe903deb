"""Create the tables in the database: ``python -m assistant.tensorflow_free assistant.commands.tables``.

Each server does so when it starts. To do it once before them lets several start at the same time
without getting in each other's way, and lets them use a database user who may not create tables.
"""

from __future__ import annotations

import sys

from sqlalchemy.exc import SQLAlchemyError

from assistant.stores.database import Database
from assistant.stores.places import database_address


def main() -> int:
    """Create what is missing; returns the exit code."""
    try:
        Database(database_address()).prepare()
    except (SQLAlchemyError, OSError) as error:
        # The message of the error may hold the password.
        print(
            f"The tables cannot be created ({type(error).__name__}). Check CONVERSATIONS_DB.", file=sys.stderr
        )
        return 1
    print("The tables are there.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
