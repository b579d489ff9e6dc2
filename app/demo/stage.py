"""Plays the script: every act through the functions people's requests call, at its own time."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from random import Random
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.community import members, posts, reactions
from app.community.choices import Intent, ReactionKind
from app.core import clock, ids
from app.core.db import Database, unit_of_work
from app.core.errors import ProblemError
from app.demo.cast import Person
from app.demo.script import ScriptedAct
from app.identity import accounts, addresses
from app.identity.accounts import Applicant
from app.identity.actors import Actor
from app.identity.letters import Letterbox
from app.identity.roles import Role

#: Acts in one unit of work: a history needs no commit of its own for every line.
ACTS_AT_ONCE = 200

#: No hash has this shape, so nobody signs in as a synthetic member.
NO_PASSWORD = "!"  # noqa: S105

Item = TypeVar("Item")


class Stage:
    """The people as they stand in the database, and what they have made."""

    def __init__(
        self, database: Database, letterbox: Letterbox, random: Random, *, known: list[Actor]
    ) -> None:
        self.database = database
        self.letterbox = letterbox
        self.random = random
        self.actors: dict[int, Actor] = dict(enumerate(known))
        self.joined_at: dict[int, datetime] = {}
        self.made: dict[int, UUID] = {}
        self.refused = 0

    async def enter(self, people: Iterable[Person]) -> None:
        """Everyone joins; the first of the cast are the demo accounts, which are there already."""
        for some in _batches(people, ACTS_AT_ONCE):
            async with unit_of_work(self.database) as session:
                for person in some:
                    self.joined_at[person.index] = person.joined_at
                    with clock.at(person.joined_at), ids.drawn_from(self.random):
                        if person.index not in self.actors:
                            await self._join(session, person)

    async def _join(self, session: AsyncSession, person: Person) -> None:
        address = addresses.parse(f"synthetic-{person.index}@demo.test")
        applicant = Applicant(address, NO_PASSWORD)
        account = await accounts.create(
            session, self.letterbox, applicant, is_verified=True, is_demo=True
        )
        await members.enrol(session, account.member_id, display_name=person.name)
        if person.about:
            await members.change(session, account.member_id, about=person.about)
        self.actors[person.index] = actor_of(account.id, account.member_id)

    async def play(self, acts: Iterable[ScriptedAct]) -> None:
        """All acts, in order."""
        for some in _batches(acts, ACTS_AT_ONCE):
            async with unit_of_work(self.database) as session:
                for act in some:
                    with clock.at(act.at), ids.drawn_from(self.random):
                        await self._do(session, act)

    async def _do(self, session: AsyncSession, act: ScriptedAct) -> None:
        """What people meet, they meet too: an answer to a post that was just taken back."""
        try:
            await self._perform(session, act)
        except ProblemError:
            self.refused += 1

    async def _perform(self, session: AsyncSession, act: ScriptedAct) -> None:
        actor = self.actors[act.person]
        on = self.made.get(act.on)
        if act.kind == "publish":
            published = await posts.publish(
                session,
                author_id=actor.member_id,
                body=act.body,
                intent=None if act.intent is None else Intent(act.intent),
                note_about=act.note,
            )
            self.made[act.ref] = published.id
        elif on is None:
            self.refused += 1
        elif act.kind == "reply":
            replied = await posts.reply(
                session, author_id=actor.member_id, parent_id=on, body=act.body
            )
            self.made[act.ref] = replied.id
        elif act.kind == "react":
            await reactions.give(session, actor, post_id=on, kind=ReactionKind(act.reaction))
        else:
            await self._reconsider(session, actor, on, act)

    async def _reconsider(
        self, session: AsyncSession, actor: Actor, on: UUID, act: ScriptedAct
    ) -> None:
        post = await posts.access(session, actor, on, lock=True)
        if act.kind == "edit":
            intent = None if act.intent is None else Intent(act.intent)
            await posts.edit(session, post, body=act.body, intent=intent, note_about=act.note)
        else:
            await posts.withdraw(session, post)


def actor_of(account_id: UUID, member_id: UUID, *roles: Role) -> Actor:
    """Someone acting without a browser."""
    return Actor(
        account_id=account_id,
        member_id=member_id,
        session_id=account_id,
        roles=frozenset({Role.MEMBER, *roles}),
        permissions=frozenset(),
        is_second_factor_passed=False,
        is_verified=True,
    )


def _batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some
