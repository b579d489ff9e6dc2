"""Who asks, and what they may hold while we answer: the named dependencies of every route."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from app.community import writing_limits
from app.core.allowances import Allowance
from app.core.db import Database, Pool, unit_of_work
from app.core.encryption import Encryption
from app.core.errors import ForbiddenError, NotSignedInError
from app.core.settings import Settings
from app.identity import sessions
from app.identity.actors import Actor
from app.identity.errors import (
    AccountSuspendedError,
    NotVerifiedError,
    ResearchStandsApartError,
    SecondFactorRequiredError,
)
from app.identity.permissions import Permission
from app.identity.roles import permissions_of, stands_apart


async def app_settings(request: Request) -> Settings:
    """The settings this process runs under."""
    settings: Settings = request.app.state.settings
    return settings


async def database(request: Request) -> Database:
    """The process's connections."""
    found: Database = request.app.state.database
    return found


async def read_pool(request: Request) -> Pool:
    """Connections for single reading statements."""
    pool: Pool = request.app.state.database.pool
    return pool


async def app_encryption(request: Request) -> Encryption:
    """What seals contact details."""
    encryption: Encryption = request.app.state.encryption
    return encryption


async def write_session(request: Request) -> AsyncIterator[AsyncSession]:
    """One unit of work for one request, committed before the answer leaves."""
    async with unit_of_work(request.app.state.database) as session:
        yield session


async def read_session(request: Request) -> AsyncIterator[AsyncSession]:
    """A session whose changes go nowhere."""
    async with request.app.state.database.sessions() as session:
        yield session


async def current_actor(request: Request) -> Actor:
    """Whoever is signed in; raises NotSignedInError."""
    state = request.app.state
    token = request.cookies.get(state.settings.server.cookie_name)
    actor = None if token is None else await sessions.find(state.database.pool, token)
    if actor is None:
        raise NotSignedInError
    return actor


async def confirmed(actor: Annotated[Actor, Depends(current_actor)]) -> Actor:
    """Anyone whose address is confirmed; for what is one's own, and for studies."""
    if not actor.is_verified:
        raise NotVerifiedError
    return actor


async def member(actor: Annotated[Actor, Depends(confirmed)]) -> Actor:
    """A member of the community; for everything that is read, written or told there. Raises
    ResearchStandsApartError for who works on studies, second factor shown or not, and
    AccountSuspendedError."""
    if stands_apart(actor.roles):
        raise ResearchStandsApartError
    if actor.is_suspended:
        raise AccountSuspendedError
    return actor


class Within:
    """A member who has not done this too often in a while; raises TooManyError."""

    #: Who may at all, as `__call__` asks.
    among: Callable[..., Awaitable[Actor]] = staticmethod(member)

    def __init__(self, allowance: Allowance) -> None:
        self.allowance = allowance

    async def __call__(self, request: Request, actor: Annotated[Actor, Depends(member)]) -> Actor:
        await self.spend(request, actor)
        return actor

    async def spend(self, request: Request, actor: Actor) -> None:
        """The same where the member is known."""
        state = request.app.state
        await state.allowances.spend(state.database.pool, self.allowance, str(actor.member_id))


class WithinOwn(Within):
    """The same for what anyone may do with an account of their own."""

    among = staticmethod(confirmed)

    async def __call__(
        self, request: Request, actor: Annotated[Actor, Depends(confirmed)]
    ) -> Actor:
        await self.spend(request, actor)
        return actor


class Needs:
    """Asks for a permission that may be used now."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    async def __call__(self, actor: Annotated[Actor, Depends(confirmed)]) -> Actor:
        if actor.is_suspended:
            raise AccountSuspendedError
        if actor.may(self.permission):
            return actor
        if self.permission in permissions_of(actor.roles):
            raise SecondFactorRequiredError
        raise ForbiddenError


AppSettings = Annotated[Settings, Depends(app_settings)]
AppDatabase = Annotated[Database, Depends(database)]
ReadPool = Annotated[Pool, Depends(read_pool)]
AppEncryption = Annotated[Encryption, Depends(app_encryption)]
WriteSession = Annotated[AsyncSession, Depends(write_session, scope="function")]
ReadSession = Annotated[AsyncSession, Depends(read_session, scope="function")]
CurrentActor = Annotated[Actor, Depends(current_actor)]
Confirmed = Annotated[Actor, Depends(confirmed)]
Member = Annotated[Actor, Depends(member)]
Poster = Annotated[Actor, Depends(Within(writing_limits.POSTS))]
Replier = Annotated[Actor, Depends(Within(writing_limits.REPLIES))]
Editor = Annotated[Actor, Depends(Within(writing_limits.EDITS))]
Deleter = Annotated[Actor, Depends(Within(writing_limits.DELETIONS))]
Rester = Annotated[Actor, Depends(Within(writing_limits.BREAKS))]
ProfileEditor = Annotated[Actor, Depends(WithinOwn(writing_limits.PROFILES))]
Reactor = Annotated[Actor, Depends(Within(writing_limits.REACTIONS))]
Blocker = Annotated[Actor, Depends(Within(writing_limits.BLOCKS))]
Moderator = Annotated[Actor, Depends(Needs(Permission.MODERATION_CASES_READ))]
Decider = Annotated[Actor, Depends(Needs(Permission.MODERATION_CASES_DECIDE))]
HoursEditor = Annotated[Actor, Depends(Needs(Permission.MODERATION_HOURS_EDIT))]
LogReader = Annotated[Actor, Depends(Needs(Permission.MODERATION_LOG_READ))]
Researcher = Annotated[Actor, Depends(Needs(Permission.RESEARCH_STUDIES_RUN))]
EditionReader = Annotated[Actor, Depends(Needs(Permission.RESEARCH_EDITIONS_READ))]
EditionWriter = Annotated[Actor, Depends(Needs(Permission.RESEARCH_EDITIONS_WRITE))]
DatasetReader = Annotated[Actor, Depends(Needs(Permission.RESEARCH_DATASETS_READ))]
