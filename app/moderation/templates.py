"""Words that moderators start from: for a decision, and to write to an author or to the lead."""

from dataclasses import dataclass

from app.moderation.case_models import StepKind
from app.moderation.decision_models import Act


@dataclass(frozen=True, slots=True)
class StepTemplate:
    """Words to start from when writing to an author or to the lead."""

    kind: StepKind
    label: str
    text: str


STEP_TEMPLATES: tuple[StepTemplate, ...] = (
    StepTemplate(
        StepKind.REACHED_OUT,
        "Thinking of you",
        "What you wrote sounds very hard to carry, and we're glad you said it here. You don't have "
        "to get through this alone. Would it help to talk to someone today?",
    ),
    StepTemplate(
        StepKind.REACHED_OUT,
        "Thoughts of suicide",
        "You wrote about not wanting to be alive. Many people have felt that way and are still "
        "here. Please talk to someone now, even if it's hard to know what to say. They won't "
        "judge you.",
    ),
    StepTemplate(
        StepKind.REACHED_OUT,
        "Self-harm",
        "You wrote about hurting yourself. If you're hurt now, please get it looked at: call 111, "
        "or 999 if it's serious. You deserve care, however it happened.",
    ),
    StepTemplate(
        StepKind.HANDED_OVER,
        "Might be about to harm themselves",
        "They might be about to harm themselves. I don't feel able to judge this one alone.",
    ),
    StepTemplate(
        StepKind.HANDED_OVER,
        "A child or someone else may be at risk",
        "A child, or someone other than the person who wrote this, may be at risk.",
    ),
)


@dataclass(frozen=True, slots=True)
class Template:
    """A reason to start from. Whoever decides makes it their own."""

    act: Act
    label: str
    text: str


TEMPLATES: tuple[Template, ...] = (
    Template(
        Act.NOTHING,
        "Within the house rules",
        "It is within our house rules, so it stays as it is. It may still have been hard to "
        "read, and you did the right thing by telling us.",
    ),
    Template(
        Act.NOTHING,
        "It can stay",
        "What they wrote can stay as it is. Thank you for noticing.",
    ),
    Template(
        Act.FOLD,
        "Hard to read for some",
        "What you wrote matters and it can stay. It may be hard to read for someone on a bad day, "
        "so people now choose when to open it.",
    ),
    Template(
        Act.HIDE,
        "Describes a method",
        "It described a way to self-harm in more detail than we keep here, because someone might "
        "try it on a bad day. You can edit that part, and then ask another moderator to look "
        "again.",
    ),
    Template(
        Act.HIDE,
        "Hurtful words",
        "Some of the words could hurt another member. You can say how you feel, and we'd love you "
        "to, without those words.",
    ),
    Template(
        Act.HIDE,
        "Personal details",
        "It held details that could tell people who or where someone is. We hid it to keep you "
        "and others safe here.",
    ),
    Template(
        Act.HIDE,
        "Advertising",
        "It reads as an advertisement, and we keep this a place for support. If we got that "
        "wrong, please ask another moderator to look again.",
    ),
    Template(
        Act.RESTORE,
        "We looked again",
        "We looked at it again and it can stand as you wrote it. Sorry for the worry this caused.",
    ),
)


def reasons() -> list[dict[str, str]]:
    """All of them, with who will read a reason given with that act."""
    return [
        {
            "act": template.act.value,
            "label": template.label,
            "text": template.text,
            "read_by": "reporters" if template.act is Act.NOTHING else "author",
        }
        for template in TEMPLATES
    ]


def steps() -> list[dict[str, str]]:
    """Words to start a step from."""
    return [
        {"kind": template.kind.value, "label": template.label, "text": template.text}
        for template in STEP_TEMPLATES
    ]
