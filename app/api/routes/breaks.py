"""A break from the community, and the way back."""

from app.api.deps import Confirmed, Rester, WriteSession
from app.api.resource import OF_THE_COMMUNITY, resource
from app.api.schemas.me import Break, TakeBreak
from app.community import breaks

router = resource("me", prefix="/me/break", responses=OF_THE_COMMUNITY)


@router.put("")
async def take_break(body: TakeBreak, actor: Rester, session: WriteSession) -> Break:
    """Rest for a day, a week or a month. Whoever does already gets another end."""
    return Break(ends_at=await breaks.take(session, actor.member_id, body.length))


@router.delete("", status_code=204)
async def end_break(actor: Confirmed, session: WriteSession) -> None:
    """Come back. Without a break this changes nothing."""
    await breaks.end(session, actor.member_id)
