"""The welcome at the head of a newcomer's wall."""

from app.api.deps import Member, WriteSession
from app.api.resource import OF_THE_COMMUNITY, resource
from app.community import welcome

router = resource("me", prefix="/me/welcome", responses=OF_THE_COMMUNITY)


@router.delete("", status_code=204)
async def close_welcome(actor: Member, session: WriteSession) -> None:
    """Close the welcome. It does not come back; once more changes nothing."""
    await welcome.close(session, actor.member_id)
