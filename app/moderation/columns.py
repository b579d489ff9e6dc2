"""What several tables here share: the limits of words, and columns that are alike in each."""

from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Identity
from sqlmodel import Field

DETAIL_MAX = 1_000
REASON_MIN = 10
REASON_MAX = 1_000


def place_in_order() -> Any:
    """In which order rows were written: given by the database, whatever a clock says."""
    return Field(default=None, sa_column=Column(BigInteger, Identity(always=True), nullable=False))


def key_to(target: str) -> ForeignKey:
    """Nothing that a case names goes while the case stands."""
    return ForeignKey(target, ondelete="RESTRICT")
