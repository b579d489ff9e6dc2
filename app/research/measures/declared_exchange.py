"""Measures of exchange: what people give each other, and how soon posts are answered."""

from typing import Final

from app.research.measures.definitions import (
    AGREED,
    ENOUGH,
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
        name="balance",
        title="Balance of giving and receiving",
        question="Do people give more than they receive?",
        numerator=(
            "Of each person: replies and reactions given to peers, less those received from peers. "
            f"{RECEIVED}"
        ),
        denominator=(
            "Those given and those received together. There is no balance where both are 0. The "
            "mean is over people, with an interval by Student's t; classes are of equal width, "
            "and an end belongs to the class nearer to the middle."
        ),
        window="All periods of the study, up to the cut; in a study with waves, up to the last.",
        base=f"{AGREED} The mean is of those who gave or received anything.",
        risk_set="Giving and receiving are counted on the same days, so that both can be compared.",
        left_truncation=(
            "What was given or received before joining is not counted. A reply to an old post "
            "counts as received on the day on which it came."
        ),
        left_out=(STAFF, OWN, UNDONE, OUTSIDE),
        source=MeasureSource.EXACT,
        citation=(
            "Roberts and others 1999, Giving and receiving help: interpersonal transactions in "
            "mutual-help meetings and psychosocial adjustment of members, Am J Community Psychol "
            "27:841–868"
        ),
        needs=("people", "doses"),
    ),
    MeasureDefinition(
        name="reciprocity",
        title="Reciprocity",
        question="Do people who give to somebody get something from the same person?",
        numerator=(
            "Dyadic: ordered pairs of giver and receiver in which the receiver gave too. Weighted: "
            "of what each gave to another, as much as came back from that person."
        ),
        denominator=(
            "Dyadic: all ordered pairs of giver and receiver. Weighted: all that was given within "
            "these pairs."
        ),
        window="All days up to the cut.",
        base=(
            f"{AGREED} Of these, those who gave to, or received from, another of them. Not told "
            f"with fewer than {ENOUGH} people or pairs."
        ),
        risk_set=(
            "Two people had time to give to each other while both could be observed; who joined "
            "late had less, which makes reciprocity look smaller."
        ),
        left_truncation="What was given before joining is not counted, so nor is what it returned.",
        left_out=(
            STAFF,
            OWN,
            UNDONE,
            "Members outside the study are left out on both sides: where few take part, most of "
            "what is given and returned is not seen.",
        ),
        source=MeasureSource.EXACT,
        citation=(
            "Garlaschelli and Loffredo 2004, Patterns of link reciprocity in directed networks, "
            "Phys Rev Lett 93:268701; Squartini and others 2013, Reciprocity of weighted "
            "networks, Sci Rep 3:2729"
        ),
        needs=("people", "pairs"),
    ),
    MeasureDefinition(
        name="response",
        title="Response",
        question="How many posts are answered, how soon, and who answers?",
        numerator=(
            "Posts whose first reply came within 10 minutes, an hour, 6 hours, a day, or ever; "
            "first replies of peers and of the team apart. Waiting is known in these bands alone, "
            "so the median and the 90th percentile are told as the end of their band."
        ),
        denominator=(
            "Posts of the same people, in a life table: a post of somebody's last day that was not "
            "answered on it is taken as published at any time of that day, each alike, leaves the "
            "table so long before midnight, and counts for half of the band in which it leaves. "
            "All other posts could be observed for 24 hours. First replies of peers and of the "
            "team compete. The interval leaves out one author at a time (jackknife). Without a "
            "limit (“ever”) posts are counted as they stood on the last day, and no author has "
            "more answered than they posted."
        ),
        window="All days up to the cut.",
        base=f"{AGREED} Of these, those who posted.",
        risk_set=(
            "Posts published from the first to the last day with consent. A reply that came while "
            "consent was withdrawn is not known."
        ),
        left_truncation=(
            "Posts from before joining are not counted. A first reply to one of them that came "
            "after joining can't be told from others and counts with the band it waited; there "
            "are few, and they make shares a little greater."
        ),
        left_out=(
            OWN,
            "Posts that were deleted or removed later stay counted, with their replies.",
            "Who takes part outside the study can be the peer who answers.",
            "Whether a post came in or out of the team's hours is not known.",
        ),
        source=MeasureSource.EXACT,
        citation=(
            "Cutler and Ederer 1958, Maximum utilization of the life table method in analyzing "
            "survival, J Chronic Dis 8:699–712; Aalen and Johansen 1978, Scand J Stat 5:141–150"
        ),
        needs=("people", "days", "answered"),
    ),
)
