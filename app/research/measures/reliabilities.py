"""The published reliability of scores whose instrument's file declares no reliable change.

What is not here has no published reliability that we read, and no reliable change is told of it:
that of UCLA-3, for one, stands in no text that we could read (Hughes and others 2004 in full).
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Reliability:
    """The internal consistency of a score (Cronbach's alpha), and who found it, in whom."""

    alpha: float
    citation: str


#: By name of the score; read in the abstract of each paper or a summary of it, 28 November 2026.
PUBLISHED: Final = {
    "core10_total": Reliability(
        0.90, "Barkham and others (2013), doi:10.1080/14733145.2012.729069: primary care"
    ),
    "wemwbs_total": Reliability(
        0.91, "Tennant and others (2007), doi:10.1186/1477-7525-5-63: sample of the population"
    ),
}
