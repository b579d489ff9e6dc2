"""Measures of what people used, met with and were asked: services, harms, values, consent."""

from typing import Final

from app.research.measures.declared_outcomes import FROM_JOINING, NOT_HANDED_IN, TOO_FEW_ANSWERS
from app.research.measures.definitions import OWN, MeasureDefinition, MeasureSource

#: A person who did something did it, whatever became of it.
ONCE_DONE: Final = "Participants count with what they deleted later; members with what stands."

SERVICE_USE: Final = MeasureDefinition(
    name="service_use",
    title="Use of services, and cost",
    question="Which services do people use for their mental health, and what does that cost?",
    numerator="Contacts with each service, and each times its unit cost, in pence.",
    denominator="People who said which services they used; for cost, those who said how often.",
    window="The look-back of the questionnaire, the last 3 months, at each wave.",
    base="Everyone who handed in the wave.",
    risk_set="",
    left_truncation=FROM_JOINING,
    left_out=(
        NOT_HANDED_IN,
        TOO_FEW_ANSWERS,
        "What the programme itself costs is not part of it.",
        "Some unit costs only fill a place until a study brings its own: the table says which.",
    ),
    source=MeasureSource.EXACT,
    citation=(
        "In the manner of the Client Service Receipt Inventory (Beecham and Knapp 2001). "
        "Arithmetic means, as costs need them: Thompson and Barber (2000), BMJ 320:1197-1200."
    ),
    needs=("responses", "scores"),
)
ADVERSE_EXPERIENCES: Final = MeasureDefinition(
    name="adverse_experiences",
    title="Adverse experiences",
    question="How many people did peer support upset or harm, and what was it about?",
    numerator="People with any adverse experience; of each kind.",
    denominator="People who answered whether they had any.",
    window="The look-back of the questionnaire, the last 3 months, at each wave; and any wave.",
    base="Everyone who handed in the wave.",
    risk_set="",
    left_truncation=FROM_JOINING,
    left_out=(
        NOT_HANDED_IN,
        "Reports to moderators are not read: this is what people say when they are asked.",
    ),
    source=MeasureSource.EXACT,
    citation=(
        "Easton and others (2017). Qualitative exploration of the potential for adverse events "
        "when using an online peer support network for mental health. JMIR Ment Health 4(4):e49."
    ),
    needs=("responses",),
)
SIX_VALUES: Final = MeasureDefinition(
    name="six_values",
    title="The six values, by kind of group",
    question="In which kinds of group do people meet the values of peer support?",
    numerator="Each value as experienced, 0 to 4; people who put it at 3 or 4.",
    denominator="People who answered it, by the kind of group of most of their meetings.",
    window="Each wave after the first; groups of the period that it ends.",
    base="Everyone for whom the wave is over.",
    risk_set="",
    left_truncation=FROM_JOINING,
    left_out=(NOT_HANDED_IN, "The six are never summed."),
    source=MeasureSource.EXACT,
    citation="Side by Side evaluation (McPin, St George's and LSE, 2015-2017): six core values.",
    needs=("responses", "scores", "doses", "groups"),
)
CONSENT_BIAS: Final = MeasureDefinition(
    name="consent_bias",
    title="Consent bias",
    question="Are those who agreed to the study like all members?",
    numerator="People who published a post, replied to someone else, or gave a reaction.",
    denominator=(
        "Participants with a record of their first 12 weeks; members at the end of each 12 weeks."
    ),
    window="The first 12 weeks since joining; every 12 weeks since the study opened.",
    base="Participants who agreed to a record of activity, beside all members, rounded to 5.",
    risk_set="Participants with 84 days of consent to activity.",
    left_truncation=(
        "The first weeks in a study are no ordinary weeks: people often join when they are busy "
        "here."
    ),
    left_out=(OWN, ONCE_DONE),
    source=MeasureSource.EXACT,
    citation=(
        "Kho and others (2009). Written informed consent and selection bias in observational "
        "studies using medical records: systematic review. BMJ 338:b866."
    ),
    needs=("people", "acts", "community"),
)
ALL: Final[tuple[MeasureDefinition, ...]] = (
    SERVICE_USE,
    ADVERSE_EXPERIENCES,
    SIX_VALUES,
    CONSENT_BIAS,
)
