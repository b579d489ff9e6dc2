"""A lost second factor: one administrator asks that it be taken off, another agrees."""

from uuid import UUID

from app.api.client_info import AppLetterbox
from app.api.deps import ReadPool, WriteSession
from app.api.problems import problems
from app.api.resource import resource
from app.api.routes.staff import MayAppoint, account_of
from app.api.schemas.second_factors import AgreeToRemoval, AskRemoval, RemovalList, RemovalRead
from app.community import members
from app.community.errors import MemberNotFoundError
from app.core import text
from app.core.errors import NotFoundError
from app.identity import lost_factors
from app.identity.errors import NoSecondFactorError, OwnSecondFactorError, SecondPersonNeededError

router = resource("staff", prefix="/second-factor-removals")


@router.get("")
async def list_second_factor_removals(actor: MayAppoint, pool: ReadPool) -> RemovalList:
    """What waits for a second administrator."""
    rows = await lost_factors.waiting(pool)
    people = {row[key] for row in rows for key in ("member_id", "asker_member_id")}
    names = await members.display_names(pool, people)
    return RemovalList(
        items=[
            RemovalRead(
                id=row["id"],
                member_id=row["member_id"],
                display_name=names[row["member_id"]],
                asked_by=names[row["asker_member_id"]],
                is_mine=row["asker_id"] == actor.account_id,
                reason=row["reason"],
                created_at=row["created_at"],
            )
            for row in rows
        ]
    )


@router.post(
    "",
    status_code=204,
    responses=problems(MemberNotFoundError, OwnSecondFactorError, NoSecondFactorError),
)
async def ask_for_second_factor_removal(
    body: AskRemoval,
    actor: MayAppoint,
    pool: ReadPool,
    session: WriteSession,
    letterbox: AppLetterbox,
) -> None:
    """Ask for someone who lost their phone and codes. Its owner is written to at once."""
    await lost_factors.ask(
        session,
        letterbox,
        account_id=await account_of(pool, body.person),
        reason=_reason(body.reason),
        actor=actor,
    )


@router.post(
    "/{removal_id}/agreement",
    status_code=204,
    responses=problems(NotFoundError, OwnSecondFactorError, SecondPersonNeededError),
)
async def agree_to_second_factor_removal(
    removal_id: UUID,
    body: AgreeToRemoval,
    actor: MayAppoint,
    session: WriteSession,
    letterbox: AppLetterbox,
) -> None:
    """Agree to what another administrator asked for: it is taken off, their sign-ins end."""
    await lost_factors.agree(
        session, letterbox, asked_id=removal_id, reason=_reason(body.reason), actor=actor
    )


def _reason(reason: str) -> str:
    return text.clean(reason, limit=lost_factors.REASON_LIMIT, pointer="/reason")
