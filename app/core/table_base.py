"""What all tables share: names of constraints, one schema a package, the CHECK of words."""

from collections.abc import Iterable

from sqlmodel import SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

SCHEMAS = ("core", "identity", "programme", "community", "moderation", "research")

Base = SQLModel


def one_of(column: str, words: Iterable[str]) -> str:
    """A CHECK that a column holds one of these words."""
    return f"{column} IN ({', '.join(repr(str(word)) for word in words)})"
