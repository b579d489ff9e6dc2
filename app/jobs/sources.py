"""What datasets hold of the community and of groups; handed to research, which knows neither."""

from typing import Final

from app.community import totals
from app.programme import groups
from app.research.exports.freezing import OutsideSources

OUTSIDE_SOURCES: Final = OutsideSources(community=totals.by_period, groups=groups.traits)
