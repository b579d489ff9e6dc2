"""Measures by area, for those who decide about one."""

from typing import Final

from app.research.measures.definitions import (
    AGREED,
    OUTSIDE,
    OWN,
    RECEIVED,
    STAFF,
    UNDONE,
    MeasureDefinition,
    MeasureSource,
)

ALL: Final[tuple[MeasureDefinition, ...]] = (
    MeasureDefinition(
        name="by_area",
        title="By area",
        question="How many in each area joined, were reached and came, and did they change?",
        numerator=(
            "People, each once, by the area that they named: who agreed to a record of what they "
            f"do, who received something, who came to a meeting. {RECEIVED} Then, for each score "
            "that is asked at the first wave and again, who told it at both waves, and the mean of "
            "the later score less the first."
        ),
        denominator=(
            "All who agreed to a record of what they do; for scores, all with a first one for whom "
            "the later wave is over. Who named no area, or came with a card, stands beside them."
        ),
        window="From the opening of the study to the cut; from the first wave to each later one.",
        base=f"{AGREED} Scores: everyone who handed in the first wave with this score.",
        risk_set="",
        left_truncation=(
            "What somebody received, or came to, before they joined the study is not known."
        ),
        left_out=(
            STAFF,
            OWN,
            UNDONE,
            OUTSIDE,
            "An area is what somebody said when they joined, not where they came to meetings. "
            "There is no group to compare with, and areas are not compared with each other.",
        ),
        source=MeasureSource.EXACT,
        citation=(
            "Glasgow, Vogt and Boles 1999, Evaluating the public health impact of health promotion "
            "interventions: the RE-AIM framework, Am J Public Health 89:1322–1327 (reach, by place)"
        ),
        needs=("people",),
    ),
)
