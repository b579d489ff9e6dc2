"""A study that asks questionnaires, as it is set up and answered over HTTP."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.core import clock
from tests.people import SignedIn
from tests.research.factories import START
from tests.research.over_http import Json, ask
from tests.support.signed_off import signed_off
from tests.support.signed_plans import signed_plan

YES = {"activity": True, "questionnaires": True, "text": False, "contact": False}
PLAN: Json = {
    "window_days": 28,
    "late_days": 14,
    "reminders": 2,
    "reminder_days": 7,
    "waves": [
        {"wave": 1, "instruments": ["phq9", "services"]},
        {"wave": 2, "instruments": ["phq9"]},
    ],
}


@dataclass(frozen=True, slots=True)
class AskedStudy:
    """An open study with its waves, and what somebody does in it."""

    id: str
    path: str

    async def join(self, member: SignedIn, at: datetime = START, **purposes: bool) -> str:
        """Take part; returns the pseudonym."""
        with clock.at(at):
            chosen = {"sheet_version": 1, "purposes": YES | purposes}
            receipt = await ask(member, "POST", f"{self.path}/participation", chosen, status=201)
        return str(receipt["pseudonym"])

    async def read(self, member: SignedIn, wave: int = 1) -> Json:
        """The questions of a wave with what was answered so far."""
        return dict(await member.get(f"/questionnaires/{self.id}/{wave}"))

    async def save(
        self,
        member: SignedIn,
        answers: Json,
        *,
        wave: int = 1,
        instrument: str = "phq9",
        status: int = 204,
        **more: Any,
    ) -> Json:
        """Send answers to one instrument."""
        part = {"instrument": instrument, "wording_version": 1, "answers": answers} | more
        path = f"/questionnaires/{self.id}/{wave}/answers"
        return await ask(member, "PUT", path, {"parts": [part]}, status=status)

    async def act(self, member: SignedIn, act: str, *, wave: int = 1, status: int = 204) -> Json:
        """`opening`, `completion` or `refusal`."""
        return await ask(member, "PUT", f"/questionnaires/{self.id}/{wave}/{act}", status=status)


async def asked_study(
    researcher: SignedIn,
    *,
    title: str = "How you are",
    plan: Json | None = None,
    weeks: tuple[int, ...] = (0, 13),
    days: tuple[date, ...] = (),
) -> AskedStudy:
    """A study whose waves ask what is planned, open since the start."""
    with clock.at(START):
        asked = {
            "title": title,
            "summary": "Why.",
            "purposes": ["activity", "questionnaires", "text", "contact"],
            "wave_weeks": list(weeks),
            "wave_days": [day.isoformat() for day in days],
        }
        study = await ask(researcher, "POST", "/studies", asked, status=201)
        path = f"/studies/{study['id']}"
        await ask(researcher, "PUT", f"{path}/question-plan", plan or PLAN, status=204)
        await ask(researcher, "POST", f"{path}/sheets", {"body": "Please read."}, status=201)
        await signed_off(researcher.database, study["id"])
        await ask(researcher, "POST", f"{path}/opening")
        await signed_plan(researcher.database, study["id"])
    return AskedStudy(study["id"], path)
