"""Blocks and mutes: made where one meets somebody, listed and undone in the settings."""

from uuid import UUID

from app.api.deps import Blocker, Member, ReadPool, WriteSession
from app.api.problems import problems
from app.api.resource import OF_THE_COMMUNITY, resource
from app.api.schemas.members import Blocks, KeptAway
from app.community import blocks
from app.community.errors import MemberNotFoundError, NotYourselfError

router = resource("members", responses=OF_THE_COMMUNITY)

_NOBODY = problems(MemberNotFoundError, NotYourselfError)


@router.get("/me/blocks")
async def list_my_blocks(actor: Member, pool: ReadPool) -> Blocks:
    """Whom I have blocked or muted. Whether anyone has blocked me is told nowhere."""
    kept: dict[str, list[KeptAway]] = {"blocked": [], "muted": []}
    for row in await blocks.list_own(pool, actor):
        kept[row.pop("kind")].append(KeptAway(**row))
    return Blocks(**kept)


@router.put("/members/{member_id}/block", status_code=204, responses=_NOBODY)
async def block_member(member_id: UUID, actor: Blocker, session: WriteSession) -> None:
    """Block someone: neither of you sees the other any more. Once more changes nothing."""
    await blocks.block(session, actor, member_id)


@router.delete("/members/{member_id}/block", status_code=204)
async def unblock_member(member_id: UUID, actor: Blocker, session: WriteSession) -> None:
    """Take one's own block back. Without one this changes nothing."""
    await blocks.unblock(session, actor, member_id)


@router.put("/members/{member_id}/mute", status_code=204, responses=_NOBODY)
async def mute_member(member_id: UUID, actor: Blocker, session: WriteSession) -> None:
    """Mute someone: you read nothing of theirs. Once more changes nothing."""
    await blocks.mute(session, actor, member_id)


@router.delete("/members/{member_id}/mute", status_code=204)
async def unmute_member(member_id: UUID, actor: Blocker, session: WriteSession) -> None:
    """Take a mute back. Without one this changes nothing."""
    await blocks.unmute(session, actor, member_id)
