"""Members as others see them, and what one changes about oneself."""

from uuid import UUID

from app.api.deps import Member as MemberActor
from app.api.deps import ReadPool
from app.api.problems import problems
from app.api.resource import OF_THE_COMMUNITY, resource
from app.api.schemas.members import Member
from app.community import members
from app.community.errors import MemberNotFoundError

router = resource("members", responses=OF_THE_COMMUNITY)


@router.get("/members/{member_id}", responses=problems(MemberNotFoundError))
async def read_member(member_id: UUID, actor: MemberActor, pool: ReadPool) -> Member:
    """A member as everyone sees them."""
    found = await members.show(pool, actor, member_id)
    return Member(
        id=found["id"],
        display_name=found["display_name"],
        about=found["about"],
        joined_at=found["joined_at"],
        is_new=found["is_new"],
        staff_role=found["staff_role"],
        is_muted=found["is_muted"],
    )
