"""What members may say about themselves when they join, and how long they had been here.

These are the quasi-identifiers: coarse on purpose, each may be skipped, and each passes through
disclosure control before a dataset shows it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

NOT_ANSWERED: Final = "not_answered"


class AgeBand(StrEnum):
    """Age in bands of ten years; membership starts at 18."""

    FROM_18 = "18_to_24"
    FROM_25 = "25_to_34"
    FROM_35 = "35_to_44"
    FROM_45 = "45_to_54"
    FROM_55 = "55_to_64"
    FROM_65 = "65_or_over"


class Area(StrEnum):
    """Where someone lives: a region of England or a nation, never anything smaller."""

    EAST_MIDLANDS = "east_midlands"
    EAST_OF_ENGLAND = "east_of_england"
    LONDON = "london"
    NORTH_EAST = "north_east"
    NORTH_WEST = "north_west"
    SOUTH_EAST = "south_east"
    SOUTH_WEST = "south_west"
    WEST_MIDLANDS = "west_midlands"
    YORKSHIRE_AND_HUMBER = "yorkshire_and_humber"
    NORTHERN_IRELAND = "northern_ireland"
    SCOTLAND = "scotland"
    WALES = "wales"
    ELSEWHERE = "elsewhere"


class PeerSupportBefore(StrEnum):
    """Whether someone had known peer support before they came here."""

    YES = "yes"
    NO = "no"
    NOT_SURE = "not_sure"


class TenureBand(StrEnum):
    """How long someone had been a member when they joined the study."""

    UNDER_A_MONTH = "under_1_month"
    UNDER_SIX_MONTHS = "1_to_5_months"
    UNDER_TWO_YEARS = "6_to_23_months"
    LONGER = "2_years_or_more"


_BANDS: Final = (
    (timedelta(days=30), TenureBand.UNDER_A_MONTH),
    (timedelta(days=182), TenureBand.UNDER_SIX_MONTHS),
    (timedelta(days=730), TenureBand.UNDER_TWO_YEARS),
)


@dataclass(frozen=True, slots=True)
class Demographics:
    """The answers someone gave at joining; None where they skipped."""

    age_band: AgeBand | None = None
    area: Area | None = None
    peer_support_before: PeerSupportBefore | None = None


def tenure_band(joined_at: datetime, now: datetime) -> TenureBand:
    """The band of the time between joining the community and joining the study."""
    lasted = now - joined_at
    return next((band for limit, band in _BANDS if lasted < limit), TenureBand.LONGER)
