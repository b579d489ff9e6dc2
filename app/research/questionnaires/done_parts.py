"""Which instruments of a wave somebody has gone through, for screens that never show what was
answered before: someone else may be looking at them."""

from app.research import scoring
from app.research.questionnaires.own import AskedWave


def of(asked: AskedWave) -> list[str]:
    """Instruments of which every question that is asked was answered or skipped. One that was left
    in the middle is gone through again: which questions were answered could tell how."""
    return [
        one.instrument.name
        for one in asked.questionnaires
        if all(
            item.name in asked.answers
            for item in one.instrument.items
            if scoring.is_shown(one.instrument, item, asked.answers)
        )
    ]
