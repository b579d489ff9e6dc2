"""Tables of what stands on the wall, and of what is done with it. Post and reply share one, so both
can be answered, flagged, found."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    FetchedValue,
    ForeignKeyConstraint,
    Identity,
    Index,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field, SQLModel

from app.community.choices import Intent, ReactionKind
from app.community.member_models import MEMBER
from app.core.table_base import one_of

#: What other tables name a post by.
POST: Final = "community.posts.id"


def _zero() -> dict[str, FetchedValue]:
    return {"server_default": FetchedValue()}


class Space(SQLModel, table=True):
    """A place where posts stand. There is one that every member belongs to: the wall."""

    __tablename__ = "spaces"
    __table_args__ = (
        CheckConstraint("kind IN ('wall', 'group')", name="kind"),
        Index("uq_spaces_wall", "kind", unique=True, postgresql_where=text("kind = 'wall'")),
        {"schema": "community"},
    )

    id: UUID = Field(primary_key=True)
    kind: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text, unique=True)


class Post(SQLModel, table=True):
    """A post (no parent) or a reply. The counts are kept by the statement that changes them."""

    __tablename__ = "posts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["thread_id", "parent_id", "space_id"],
            ["community.posts.thread_id", "community.posts.id", "community.posts.space_id"],
            name="fk_posts_parent",
        ),
        CheckConstraint("(parent_id IS NULL) = (thread_id = id)", name="root_is_its_thread"),
        CheckConstraint("intent IS NULL OR parent_id IS NULL", name="intent_on_roots"),
        CheckConstraint(one_of("intent", Intent), name="intent"),
        CheckConstraint("(note_about IS NULL) = (note_by IS NULL)", name="note_whole"),
        CheckConstraint("note_by IN ('author', 'moderator')", name="note_by"),
        CheckConstraint("char_length(note_about) BETWEEN 1 AND 60", name="note_length"),
        CheckConstraint(
            "CASE WHEN erased_at IS NULL THEN char_length(body_source) BETWEEN 1 AND 10000"
            " ELSE body_source = '' AND body_html = '' AND covered_html IS NULL END",
            name="body_length",
        ),
        CheckConstraint("erased_at IS NULL OR withdrawn_at IS NOT NULL", name="erased"),
        CheckConstraint("visibility IN ('visible', 'hidden')", name="visibility"),
        CheckConstraint("(visibility = 'hidden') = (hidden_reason IS NOT NULL)", name="hidden_why"),
        CheckConstraint("revision >= 1 AND reply_count >= 0", name="counts"),
        CheckConstraint(
            "least(thinking_of_you_count, i_hear_you_count, i_like_this_count,"
            " this_helped_me_count) >= 0",
            name="reaction_counts",
        ),
        Index("uq_posts_thread_id_id_space_id", "thread_id", "id", "space_id", unique=True),
        Index(
            "ix_posts_wall",
            "space_id",
            "id",
            postgresql_where=text("parent_id IS NULL"),
        ),
        Index(
            "ix_posts_unanswered",
            "space_id",
            "is_answered",
            "id",
            postgresql_where=text("parent_id IS NULL"),
        ),
        Index(
            "ix_posts_intent",
            "space_id",
            "intent",
            "id",
            postgresql_where=text("intent IS NOT NULL"),
        ),
        Index("ix_posts_author_id_id", "author_id", "id"),
        Index(
            "ix_posts_hidden",
            "id",
            "author_id",
            postgresql_where=text("visibility = 'hidden'"),
        ),
        Index(
            "ix_posts_withdrawn_at",
            "withdrawn_at",
            postgresql_where=text("withdrawn_at IS NOT NULL AND erased_at IS NULL"),
        ),
        Index(
            "uq_posts_author_id_client_key",
            "author_id",
            "client_key",
            unique=True,
            postgresql_where=text("client_key IS NOT NULL"),
        ),
        {"schema": "community"},
    )

    id: UUID = Field(primary_key=True)
    space_id: UUID = Field(foreign_key="community.spaces.id")
    thread_id: UUID
    parent_id: UUID | None = None
    author_id: UUID = Field(foreign_key=MEMBER)
    intent: str | None = Field(default=None, sa_type=Text)
    note_about: str | None = Field(default=None, sa_type=Text)
    note_by: str | None = Field(default=None, sa_type=Text)
    body_source: str = Field(sa_type=Text)
    body_html: str = Field(sa_type=Text)
    #: The same where it quotes what a moderator has hidden: shown to everyone in its place.
    covered_html: str | None = Field(default=None, sa_type=Text)
    #: Whether its author's note quotes it: others read a line of ours in its place. Of no meaning
    #: beside a moderator's note or none.
    is_note_covered: bool = Field(default=False, sa_column_kwargs=_zero())
    revision: int = 1
    created_at: datetime
    edited_at: datetime | None = None
    withdrawn_at: datetime | None = None
    #: When its text was erased, a while after it was taken back.
    erased_at: datetime | None = None
    visibility: str = Field(default="visible", sa_type=Text)
    hidden_reason: str | None = Field(default=None, sa_type=Text)
    #: Of a root all replies that can be seen, of a reply the direct ones.
    reply_count: int = Field(default=0, sa_column_kwargs=_zero())
    #: Whether someone other than its author has answered (roots only).
    is_answered: bool = Field(default=False, sa_column_kwargs=_zero())
    last_reply_id: UUID | None = None
    last_reply_author_id: UUID | None = None
    thinking_of_you_count: int = Field(default=0, sa_column_kwargs=_zero())
    i_hear_you_count: int = Field(default=0, sa_column_kwargs=_zero())
    i_like_this_count: int = Field(default=0, sa_column_kwargs=_zero())
    this_helped_me_count: int = Field(default=0, sa_column_kwargs=_zero())
    #: Sent by the browser, so that a retry finds what the first try wrote.
    client_key: UUID | None = None


class PostWords(SQLModel, table=True):
    """The words of a post for search, apart so that counting replies never touches this index."""

    __tablename__ = "post_words"
    __table_args__ = (
        Index(
            "ix_post_words_spans_words",
            text("community.spans(post_id)"),
            "words",
            postgresql_using="gin",
            # In kilobytes, the least there is: every search reads the list of what is pending.
            postgresql_with={"gin_pending_list_limit": "64"},
        ),
        {"schema": "community"},
    )

    post_id: UUID = Field(primary_key=True, foreign_key=POST, ondelete="CASCADE")
    words: str = Field(sa_column=Column(TSVECTOR, nullable=False))


class PostRevision(SQLModel, table=True):
    """A former text of a post: what stood there until it was edited."""

    __tablename__ = "post_revisions"
    __table_args__ = ({"schema": "community"},)

    post_id: UUID = Field(primary_key=True, foreign_key=POST, ondelete="CASCADE")
    revision: int = Field(primary_key=True)
    body_source: str = Field(sa_type=Text)
    body_html: str = Field(sa_type=Text)
    note_about: str | None = Field(default=None, sa_type=Text)
    #: When this text was written, not when it was replaced.
    created_at: datetime


class Reaction(SQLModel, table=True):
    """One member's reaction of one kind to one post."""

    __tablename__ = "reactions"
    __table_args__ = (
        CheckConstraint(one_of("kind", ReactionKind), name="kind"),
        Index("ix_reactions_member_id_place", "member_id", "place"),
        {"schema": "community"},
    )

    post_id: UUID = Field(primary_key=True, foreign_key=POST, ondelete="CASCADE")
    member_id: UUID = Field(primary_key=True, foreign_key=MEMBER)
    kind: str = Field(primary_key=True, sa_type=Text)
    created_at: datetime
    #: In which order reactions were given, whatever a clock says.
    place: int | None = Field(
        default=None, sa_column=Column(BigInteger, Identity(always=True), nullable=False)
    )


class SpaceReadMarker(SQLModel, table=True):
    """Up to which post a member has seen a space."""

    __tablename__ = "space_seen"
    __table_args__ = ({"schema": "community"},)

    member_id: UUID = Field(primary_key=True, foreign_key=MEMBER)
    space_id: UUID = Field(primary_key=True, foreign_key="community.spaces.id")
    #: No key to a post: nobody has to have seen one.
    seen_post_id: UUID


class ThreadReadMarker(SQLModel, table=True):
    """Up to which reply a member has seen a thread."""

    __tablename__ = "thread_seen"
    __table_args__ = ({"schema": "community"},)

    member_id: UUID = Field(primary_key=True, foreign_key=MEMBER)
    thread_id: UUID = Field(primary_key=True, foreign_key=POST, ondelete="CASCADE")
    seen_post_id: UUID
