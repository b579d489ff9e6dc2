"""Measures of outcomes: who was followed up, how people changed, and what goes with that."""

from typing import Final

from app.research.measures.definitions import (
    OUTSIDE,
    OWN,
    STAFF,
    UNDONE,
    MeasureDefinition,
    MeasureSource,
)

#: What measures of answers leave out, each said the same way everywhere.
NOT_HANDED_IN: Final = "Answers of a wave that was declined or not handed in are not read."
TOO_FEW_ANSWERS: Final = (
    "A score without as many answers as its instrument asks for is missing; none is filled in."
)
#: Whoever was here before: the first wave is when somebody joins the study.
FROM_JOINING: Final = (
    "Time counts from joining the study, not the community: the first wave is no measure of how "
    "somebody was before they met peers."
)
NOT_SHORT: Final = (
    "Periods with a record of less than two thirds of their days are left out, so that nobody "
    "looks quiet for having been away."
)
_OVER: Final = "A person counts at a wave once its time is over for them, handed in or not."

FOLLOW_UP: Final = MeasureDefinition(
    name="follow_up",
    title="Follow-up",
    question="How many of those who began are still answering, and are those who stopped others?",
    numerator="People who handed in the wave.",
    denominator="People who handed in the first wave, and whose time for this one is over.",
    window="Each wave after the first.",
    base="Everyone who agreed to questionnaires. States and modes: all who were asked.",
    risk_set=_OVER,
    left_truncation=FROM_JOINING,
    left_out=(NOT_HANDED_IN,),
    source=MeasureSource.EXACT,
    citation=(
        "Eysenbach G (2005). The law of attrition. J Med Internet Res 7(1):e11. Differences: "
        "Welch (1947), Biometrika 34:28-35."
    ),
    needs=("responses", "scores"),
)
OUTCOME_CHANGE: Final = MeasureDefinition(
    name="outcome_change",
    title="Outcome change",
    question="Are people better or worse than when they joined, and by how much?",
    numerator="The score at a later wave less that at the first, of each person.",
    denominator="People with the score at both waves; for reliable change, all with a first one.",
    window="From the first wave to each later one.",
    base="Everyone who handed in the first wave with this score.",
    risk_set=_OVER,
    left_truncation=FROM_JOINING,
    left_out=(
        NOT_HANDED_IN,
        TOO_FEW_ANSWERS,
        "There is no group to compare with: a change is no effect of the community.",
    ),
    source=MeasureSource.EXACT,
    citation=(
        "Standardised mean change d_av: Cumming (2012), Understanding the New Statistics, chapter "
        "11; Morris and DeShon (2002), Psychol Methods 7:105-125; its interval: Bonett (2008), "
        "Psychol Methods 13:99-109. Reliable change: Jacobson and Truax (1991), J Consult Clin "
        "Psychol 59:12-19."
    ),
    needs=("responses", "scores"),
)
OUTCOME_ON_DOSE: Final = MeasureDefinition(
    name="outcome_on_dose",
    title="Outcome on dose",
    question="Do those who give, receive and come more do better than others who began alike?",
    numerator="Difference in the score that ends a period, for each doubling of a dose in it.",
    denominator="One doubling of one more than the count of each dose.",
    window="Each period between two waves; the score at its end on the dose within it.",
    base="People with the score at the first wave and at the end of a period with a record of it.",
    risk_set=NOT_SHORT,
    left_truncation=FROM_JOINING,
    left_out=(NOT_HANDED_IN, TOO_FEW_ANSWERS, STAFF, OWN, UNDONE, OUTSIDE),
    source=MeasureSource.EXACT,
    citation=(
        "Mixed model by restricted maximum likelihood, intercepts of people within groups: Bates "
        "and others (2015), J Stat Softw 67(1). The first score as a covariate: Vickers and Altman "
        "(2001), BMJ 323:1123-1124."
    ),
    needs=("responses", "scores", "doses"),
)
OUTCOME_ON_DOSE_BANDED: Final = MeasureDefinition(
    name="outcome_on_dose_banded",
    title="Outcome on dose, from bands",
    question="How much of that could somebody find who has the banded file alone?",
    numerator=OUTCOME_ON_DOSE.numerator,
    denominator=OUTCOME_ON_DOSE.denominator,
    window=OUTCOME_ON_DOSE.window,
    base="People with the score at both ends of a period, and its doses, in the banded file.",
    risk_set=NOT_SHORT,
    left_truncation=FROM_JOINING,
    left_out=(
        *OUTCOME_ON_DOSE.left_out,
        "What disclosure control withheld is missing. A band stands for the mean of everybody in "
        "the same bands of all doses, of the first score and in the same period; the outcome is "
        "fitted to its band.",
        "Groups are not in the banded file: people of one group count as strangers.",
        "Where more than one row in twenty holds a code that disclosure control made of several "
        "bands, no effect is told: who is put together depends on what they told and did. A file "
        "that tells one period has few such rows, one that tells four has almost nothing else. In "
        "a synthetic programme of 1,600 people with 0.24 points for a doubling of giving and none "
        "for receiving, the file of one period gives 0.22 (0.12 to 0.32) and 0.00 (-0.10 to 0.11); "
        "a model of the file of four would give 0.62 (0.41 to 0.83) for giving, which is wrong. "
        "The bands of all periods before disclosure control give 0.25 (0.20 to 0.30), exact rows "
        "0.24 (0.21 to 0.27).",
    ),
    source=MeasureSource.BANDED,
    citation=(
        "Outcome in bands: Stewart (1983), Rev Econ Stud 50:737-753. Doses in bands, by regression "
        "calibration: Carroll, Ruppert, Stefanski and Crainiceanu (2006), Measurement Error in "
        "Nonlinear Models, 2nd ed, chapter 4. Rows of one person: Liang and Zeger (1986), "
        "Biometrika 73:13-22."
    ),
    needs=("periods",),
)
ALL: Final[tuple[MeasureDefinition, ...]] = (
    FOLLOW_UP,
    OUTCOME_CHANGE,
    OUTCOME_ON_DOSE,
    OUTCOME_ON_DOSE_BANDED,
)
