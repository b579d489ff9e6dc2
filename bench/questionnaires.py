"""One answer to a questionnaire, saved as a person taps it."""

import itertools
import uuid

import orjson
import psycopg

from app.research.instruments import catalogue
from app.research.instruments.structure import Instrument
from bench.client import request
from bench.requests import Base, Bench
from bench.results import Results
from bench.rooms import add_study, sign_off_instrument, take_part

#: What the wave asks: scales whose items all have an option 1.
ASKED = ("phq9", "gad7", "core10", "support")

_PLAN = """
    INSERT INTO research.question_plans
      (study_id, opens_at, window_days, late_days, reminders, reminder_days)
    VALUES (%s, '08:00', 28, 14, 2, 7)
"""
_AGREE = """
    INSERT INTO research.consents (study_id, participant_id, purpose, act, sheet_version, at)
    VALUES (%s, %s, 'questionnaires', 'given', 1, now() - interval '1 hour')
"""


async def measure(bench: Bench, base: Base, results: Results, count: int) -> None:
    """As a multiple of hello: each request is one answer of one of the members in turn."""
    instruments = [catalogue.shipped().versions(name)[0] for name in ASKED]
    with psycopg.connect(bench.url) as connection:
        study = _study(connection, instruments)
        for person in bench.people:
            participant = take_part(connection, study, person.member_id)
            connection.execute(_AGREE, (study, participant))
    requests = _answers(bench, study, instruments, count)
    results.cost("answer", await bench.cost(requests), await base())


def _study(connection: psycopg.Connection, instruments: list[Instrument]) -> uuid.UUID:
    """An open study whose first wave asks all of them."""
    study = add_study(connection)
    # What is asked is planned before a study opens.
    connection.execute(
        "UPDATE research.studies SET state = 'draft', opened_at = NULL WHERE id = %s", (study,)
    )
    connection.execute(
        "INSERT INTO research.study_purposes (study_id, purpose) VALUES (%s, 'questionnaires')",
        (study,),
    )
    connection.execute(_PLAN, (study,))
    connection.execute("INSERT INTO research.waves VALUES (%s, 1, 0)", (study,))
    for position, one in enumerate(instruments, start=1):
        connection.execute(
            "INSERT INTO research.wave_instruments VALUES (%s, 1, %s, %s, %s)",
            (study, position, one.name, one.version),
        )
        sign_off_instrument(connection, one.name, one.version)
    connection.execute(
        "UPDATE research.studies SET state = 'open', opened_at = created_at WHERE id = %s", (study,)
    )
    return study


def _answers(
    bench: Bench, study: uuid.UUID, instruments: list[Instrument], count: int
) -> list[bytes]:
    """Everyone answers item after item, and then once more: a third of them are new."""
    items = [(one.name, item.name) for one in instruments for item in one.items]
    turns = ((item, person) for item in itertools.cycle(items) for person in bench.people)
    return [
        request(
            "PUT",
            f"/api/v1/questionnaires/{study}/1/answers",
            bench.port,
            cookie=person.cookie,
            body=_body(instrument, item),
        )
        for (instrument, item), person in itertools.islice(turns, count)
    ]


def _body(instrument: str, item: str) -> bytes:
    part = {"instrument": instrument, "wording_version": 1, "answers": {item: 1}}
    return orjson.dumps({"parts": [part]})
