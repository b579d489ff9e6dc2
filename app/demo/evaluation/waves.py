"""What the participants did with the waves of questionnaires: handed in, late, begun, declined or
nothing at all. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final, Literal

from app.demo.evaluation import mood
from app.demo.evaluation.experience import EXPERIENCES, Circumstances
from app.demo.evaluation.mood import SCALES, Answers
from app.demo.evaluation.peers import Peer
from app.demo.evaluation.places import Place
from app.demo.evaluation.planted import LATE_DAYS, WINDOW_DAYS, Planted
from app.demo.evaluation.tally import SupportTally

#: What each wave asks: whatever is about taking part from the second on.
_ALWAYS: Final = (*SCALES, "support", "services")
FIRST, LATER = (*_ALWAYS, "equality"), (*_ALWAYS, "values", "adverse")
#: Who hands in the first wave; of those who hand in none, who declines and who begins it.
_FIRST_SHARE, _DECLINED, _BEGUN = 0.92, 0.15, 0.25
_LATE, _ASSISTED, _SKIPPED = 0.1, 0.06, 0.03


@dataclass(frozen=True, slots=True)
class WaveResponse:
    """One person's wave that was at least opened, with their answers by instrument."""

    index: int
    wave: int
    #: The day since joining, and the second of it.
    day: int
    second: int
    state: Literal["done", "begun", "declined"]
    is_assisted: bool
    answers: dict[str, Answers] = field(default_factory=dict)


def asked(planted: Planted) -> dict[int, tuple[str, ...]]:
    """The instruments by wave."""
    return {wave: LATER if wave > 1 else FIRST for wave in range(1, len(planted.weeks) + 1)}


def responses(
    planted: Planted, peers: Sequence[Peer], places: Sequence[Place], tally: SupportTally
) -> Iterator[WaveResponse]:
    """Every response, person by person; nothing of waves that somebody left silent."""
    for peer in peers:
        kind = None if peer.group is None else places[peer.group].kind
        for wave in asked(planted):
            random = planted.chance("mood", peer.index, wave)
            before = tally.before(peer.index, wave)
            # Drawn whether or not they answer: who follows up changes nobody's answers.
            moods = mood.of_wave(planted, peer, random, before)
            answers = {name: scale(moods[name], random) for name, scale in SCALES.items()}
            circumstances = Circumstances(*before, kind)
            for name in asked(planted)[wave][len(SCALES) :]:
                one = planted.chance(name, peer.index, wave)
                answers[name] = EXPERIENCES[name](planted, circumstances, one)
            found = _response(planted, peer, wave, answers)
            if found is not None:
                yield found


def _response(
    planted: Planted, peer: Peer, wave: int, answers: dict[str, Answers]
) -> WaveResponse | None:
    random = planted.chance("response", peer.index, wave)
    share = _FIRST_SHARE if wave == 1 else planted.follow_up_share
    told, other, is_late, is_assisted = (random.random() for _ in range(4))
    # A day before and after, so that no change of the clocks matters.
    after = random.randint(0, WINDOW_DAYS - 2)
    if is_late < _LATE:
        after = random.randint(WINDOW_DAYS + 1, WINDOW_DAYS + LATE_DAYS - 2)
    day = planted.starts[wave - 1] + after
    if day > peer.last_day or not peer.agrees_to_questions:
        return None
    begun, declined = _BEGUN, _BEGUN + _DECLINED
    state: Literal["done", "begun", "declined"] = "done"
    if told >= share:
        if other >= declined:
            return None
        state = "begun" if other < begun else "declined"
    return WaveResponse(
        peer.index,
        wave,
        day,
        random.randint(8 * 3_600, 20 * 3_600),
        state,
        is_assisted < _ASSISTED,
        _kept(random, state, answers),
    )


def _kept(random: Random, state: str, answers: dict[str, Answers]) -> dict[str, Answers]:
    """What is kept: nothing, the first of the questionnaires, or all; some questions skipped."""
    if state == "declined":
        return {}
    names = list(answers)[: 1 if state == "begun" else len(answers)]
    return {
        name: {
            item: None if _may_skip(item) and random.random() < _SKIPPED else answer
            for item, answer in answers[name].items()
        }
        for name in names
    }


def _may_skip(item: str) -> bool:
    """Others are shown after these."""
    return item not in ("adverse_any", "services_used")
