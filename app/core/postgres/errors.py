"""What goes wrong between this machine and a PostgreSQL, for the person at the keyboard."""


class PostgresError(Exception):
    """One sentence of what is wrong and what to do; shown as it is, without a traceback."""


class NewerDatabaseError(PostgresError):
    """The database was made by a newer Alongside than this one."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"The database was last used by a newer version of Alongside (it is at {revision}). "
            "Run that version, or restore a backup from before it."
        )
