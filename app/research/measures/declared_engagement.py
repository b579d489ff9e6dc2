"""Measures of engagement: who takes part, how long, and how much."""

from typing import Final

from app.research.measures.definitions import (
    AGREED,
    DOSE_DAYS,
    ENOUGH,
    IDLE_DAYS,
    OUTSIDE,
    OWN,
    RECEIVED,
    STAFF,
    UNDONE,
    MeasureDefinition,
    MeasureSource,
)
from app.research.registry import MAX_READ_SECONDS

ALL: Final[tuple[MeasureDefinition, ...]] = (
    MeasureDefinition(
        name="reach",
        title="Reach",
        question="Who joined, who received something from a peer, and who came to a meeting?",
        numerator=(
            "People, each once: by the 12 weeks in which they joined and each answer about "
            "themselves; who received something; who came to a meeting, in person or online. "
            f"{RECEIVED} Whether a meeting was in person or online is told by how the group of "
            "most of somebody's meetings in a period meets."
        ),
        denominator=(
            "All who agreed to a record of what they do; for the share who agreed, all who joined. "
            "Members of the community, and people who looked, joined, stopped and had everything "
            "erased, stand beside it as they were rounded when the dataset was frozen."
        ),
        window="From the opening of the study to the cut.",
        base=AGREED,
        risk_set="",
        left_truncation=(
            "What somebody received, or came to, before they joined the study is not known: being "
            "reached begins with joining."
        ),
        left_out=(
            STAFF,
            OWN,
            UNDONE,
            OUTSIDE,
            "Who received and who came is told where the dataset has doses, and in which way they "
            "came where it has groups.",
        ),
        source=MeasureSource.EXACT,
        citation=(
            "Glasgow, Vogt and Boles 1999, Evaluating the public health impact of health promotion "
            "interventions: the RE-AIM framework, Am J Public Health 89:1322–1327"
        ),
        needs=("people",),
    ),
    MeasureDefinition(
        name="retention",
        title="Retention",
        question="How long do people go on taking part?",
        numerator=(
            f"People who had {IDLE_DAYS} whole days without an act of their own and without a "
            f"meeting, for the first time. The day is that on which the {IDLE_DAYS} are complete: "
            f"the last active day + {IDLE_DAYS}. Agreeing counts as an act. Who comes back later "
            "had left all the same. Still taking part on a day are those who have not had this "
            "by its end."
        ),
        denominator=(
            "People who could still be counted on that day (Kaplan and Meier). The interval is "
            "from Greenwood's variance on the scale log(−log)."
        ),
        window=(
            "From the first day with consent to the last. Shares are told for days 84, 182 and "
            f"364, where at least {ENOUGH} people could be observed so long."
        ),
        base=AGREED,
        risk_set=(
            "Counted up to the last day observable, the day on which they stopped, or the day on "
            "which a time away began (a break, a suspension, a time without consent), whichever "
            "comes first; there their record ends without an event. Who leaves on the day of an "
            "event could still be counted on it."
        ),
        left_truncation=(
            "Time counts from agreeing, so it is time in the study, not as a member: who left "
            "the community before the study began is not in it. Curves by time as a member before "
            f"joining stand apart, of {ENOUGH} people or more."
        ),
        left_out=(
            "Receiving something is no act. Acts beyond a time away are not read.",
            "Someone who has a card and no account has no time as a member, and no curve of it.",
        ),
        source=MeasureSource.EXACT,
        citation=(
            "Kaplan and Meier 1958, J Am Stat Assoc 53:457–481; Eysenbach 2005, The law of "
            "attrition, J Med Internet Res 7:e11"
        ),
        needs=("people", "days"),
    ),
    MeasureDefinition(
        name="dose",
        title="Dose",
        question="How much do people do, read and come to?",
        numerator=(
            "Of each person: active days, sessions (30 minutes without an act end one), minutes "
            "reading, meetings, and the minutes that these meetings were planned for. Minutes "
            "reading are by the clock with posts in view: a batch adds no more than the time since "
            f"the one before, and {MAX_READ_SECONDS // 60} minutes at most, in however many "
            "windows. Minutes reading and in meetings are on one scale and are also told together."
        ),
        denominator=f"Their days observable, in units of {DOSE_DAYS}.",
        window="All periods of the study, up to the cut; in a study with waves, up to the last.",
        base=f"{AGREED} Of these, those who could be observed on {DOSE_DAYS} days or more.",
        risk_set=(
            "Days on which consent was in force. Days of a break count, for somebody on a break "
            "gets no dose."
        ),
        left_truncation="Nothing from before joining is counted, neither acts nor days.",
        left_out=(
            "Told are the share with none, median and quartiles, which single people who do very "
            "much do not move.",
        ),
        source=MeasureSource.EXACT,
        citation=(
            "Donkin and others 2011, A systematic review of the impact of adherence on the "
            "effectiveness of e-therapies, J Med Internet Res 13:e52"
        ),
        needs=("people", "doses"),
    ),
    MeasureDefinition(
        name="participation_classes",
        title="Participation classes",
        question="How are posts shared out between the few who write most and all others?",
        numerator=(
            "Posts of superusers (the top 1% by posts) and contributors (the next 9%); the others "
            "are readers. The end of a class is rounded up to a whole person. Of people with "
            "equally many posts the pseudonym decides, which is random; who posted nothing is "
            "always a reader. The Gini coefficient is that of these people, not corrected for "
            "their number."
        ),
        denominator=(
            "Posts of all people of the base, which is told each time: all who agreed, or all who "
            "posted."
        ),
        window="All periods of the study, up to the cut; in a study with waves, up to the last.",
        base=f"{AGREED} Beside it, those of them who ever posted.",
        risk_set=(
            "Everyone counts for as long as they could be observed: who joined late had less time "
            "to post, which makes posts look less evenly shared."
        ),
        left_truncation="Posts from before joining are not counted.",
        left_out=(UNDONE, "Replies are not counted: a post begins a thread."),
        source=MeasureSource.EXACT,
        citation=(
            "van Mierlo 2014, The 1% rule in four digital health social networks, J Med Internet "
            "Res 16:e33; van Mierlo, Hyatt and Ching 2016, Employing the Gini coefficient to "
            "measure participation inequality, Netw Model Anal Health Inform Bioinform 5:32"
        ),
        needs=("people", "doses"),
    ),
)
