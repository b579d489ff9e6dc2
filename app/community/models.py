"""Tables of the community. Post and reply share one, so both can be answered, flagged, found."""

from datetime import datetime
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

from app.community.choices import Intent, NotificationKind, ReactionKind


def _one_of(column: str, words: type[Intent] | type[ReactionKind] | type[NotificationKind]) -> str:
    return f"{column} IN ({', '.join(repr(word.value) for word in words)})"


def _zero() -> dict[str, FetchedValue]:
    return {"server_default": FetchedValue()}


class Member(SQLModel, table=True):
    """The person in the community. Knows no address and no account but by its own id."""

    __tablename__ = "members"
    __table_args__ = (
        CheckConstraint("char_length(display_name) BETWEEN 2 AND 30", name="display_name_length"),
        CheckConstraint("char_length(about) <= 500", name="about_length"),
        CheckConstraint("(left_at IS NULL) = (display_key IS NOT NULL)", name="left_has_no_name"),
        CheckConstraint(
            "left_at IS NULL OR num_nonnulls(look, folded_look) = 0", name="left_has_no_look"
        ),
        CheckConstraint(
            "staff_role IN ('safeguarding', 'moderator', 'administrator')",
            name="staff_role_is_known",
        ),
        CheckConstraint("left_at IS NULL OR name_words IS NULL", name="left_is_not_found"),
        Index(
            "ix_members_name_words",
            "name_words",
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
        ),
        {"schema": "community"},
    )

    id: UUID = Field(primary_key=True, foreign_key="identity.accounts.member_id")
    display_name: str = Field(sa_type=Text)
    #: The name as names are compared, so that no two are the same; none once its member has left.
    display_key: str | None = Field(sa_type=Text, unique=True)
    #: What the name looks like (`names.Looks`). None for those whose look was another's before
    #: looks were compared.
    look: str | None = Field(default=None, sa_type=Text, unique=True)
    folded_look: str | None = Field(default=None, sa_type=Text, unique=True)
    #: The words of the name, as search finds them (`names.words_of`).
    name_words: str | None = Field(default=None, sa_column=Column(TSVECTOR))
    #: The role by which they act for the house. A trigger on `identity.account_roles` writes it.
    staff_role: str | None = Field(default=None, sa_type=Text)
    about: str = Field(default="", sa_type=Text)
    show_notes_open: bool = False
    joined_at: datetime
    left_at: datetime | None = None
    notifications_seen_id: UUID | None = None
    #: When they closed the welcome; it does not come back.
    welcomed_at: datetime | None = None
    #: Until when they don't write, and until when a moderator reads first what they write.
    no_posting_until: datetime | None = None
    read_first_until: datetime | None = None


class Space(SQLModel, table=True):
    """A place where posts stand. There is one: the wall."""

    __tablename__ = "spaces"
    __table_args__ = (
        CheckConstraint("kind = 'wall'", name="kind"),
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
        CheckConstraint(_one_of("intent", Intent), name="intent"),
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
    author_id: UUID = Field(foreign_key="community.members.id")
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
        Index("ix_post_words_words", "words", postgresql_using="gin"),
        {"schema": "community"},
    )

    post_id: UUID = Field(primary_key=True, foreign_key="community.posts.id", ondelete="CASCADE")
    words: str = Field(sa_column=Column(TSVECTOR, nullable=False))


class PostRevision(SQLModel, table=True):
    """A former text of a post: what stood there until it was edited."""

    __tablename__ = "post_revisions"
    __table_args__ = ({"schema": "community"},)

    post_id: UUID = Field(primary_key=True, foreign_key="community.posts.id", ondelete="CASCADE")
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
        CheckConstraint(_one_of("kind", ReactionKind), name="kind"),
        Index("ix_reactions_member_id_place", "member_id", "place"),
        {"schema": "community"},
    )

    post_id: UUID = Field(primary_key=True, foreign_key="community.posts.id", ondelete="CASCADE")
    member_id: UUID = Field(primary_key=True, foreign_key="community.members.id")
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

    member_id: UUID = Field(primary_key=True, foreign_key="community.members.id")
    space_id: UUID = Field(primary_key=True, foreign_key="community.spaces.id")
    #: No key to a post: nobody has to have seen one.
    seen_post_id: UUID


class ThreadReadMarker(SQLModel, table=True):
    """Up to which reply a member has seen a thread."""

    __tablename__ = "thread_seen"
    __table_args__ = ({"schema": "community"},)

    member_id: UUID = Field(primary_key=True, foreign_key="community.members.id")
    thread_id: UUID = Field(primary_key=True, foreign_key="community.posts.id", ondelete="CASCADE")
    seen_post_id: UUID


class Break(SQLModel, table=True):
    """A time in which a member rests from the community. At most one is open."""

    __tablename__ = "breaks"
    __table_args__ = (
        CheckConstraint("ends_at > started_at", name="ends_after_start"),
        CheckConstraint("ended_at BETWEEN started_at AND ends_at", name="ended_within"),
        Index(
            "uq_breaks_member_id",
            "member_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_breaks_member_id", "member_id"),
        {"schema": "community"},
    )

    #: Random, so that it tells no time.
    id: UUID = Field(primary_key=True)
    member_id: UUID = Field(foreign_key="community.members.id")
    started_at: datetime
    ends_at: datetime
    #: When the member came back; none while the break may still run.
    ended_at: datetime | None = None


class Block(SQLModel, table=True):
    """Two members who don't meet, because one of them wants that."""

    __tablename__ = "blocks"
    __table_args__ = (
        CheckConstraint("blocker_id <> blocked_id", name="of_another"),
        Index("ix_blocks_blocked_id_blocker_id", "blocked_id", "blocker_id"),
        {"schema": "community"},
    )

    blocker_id: UUID = Field(primary_key=True, foreign_key="community.members.id")
    blocked_id: UUID = Field(primary_key=True, foreign_key="community.members.id")
    created_at: datetime


class Mute(SQLModel, table=True):
    """Someone whose posts a member does not read."""

    __tablename__ = "mutes"
    __table_args__ = (
        CheckConstraint("muter_id <> muted_id", name="of_another"),
        Index("ix_mutes_muted_id_muter_id", "muted_id", "muter_id"),
        {"schema": "community"},
    )

    muter_id: UUID = Field(primary_key=True, foreign_key="community.members.id")
    muted_id: UUID = Field(primary_key=True, foreign_key="community.members.id")
    created_at: datetime


class Notification(SQLModel, table=True):
    """Something a member should hear of. `text` is stored only where no words can be made anew."""

    __tablename__ = "notifications"
    __table_args__ = (
        CheckConstraint(_one_of("kind", NotificationKind), name="kind"),
        CheckConstraint(
            "(kind IN ('reply', 'reaction')) = (actor_id IS NOT NULL)"
            " AND (kind IN ('reply', 'reaction')) = (text IS NULL)",
            name="words",
        ),
        CheckConstraint("(kind = 'reaction') = (reaction IS NOT NULL)", name="reaction"),
        CheckConstraint("actor_id IS NULL OR post_id IS NOT NULL", name="post"),
        CheckConstraint("reason IS NULL OR text IS NOT NULL", name="reason_of_a_text"),
        Index("ix_notifications_member_id_id", "member_id", "id"),
        Index(
            "uq_notifications_reply",
            "post_id",
            "member_id",
            unique=True,
            postgresql_where=text("kind = 'reply'"),
        ),
        Index(
            "uq_notifications_reaction",
            "post_id",
            "member_id",
            "actor_id",
            "reaction",
            unique=True,
            postgresql_where=text("kind = 'reaction'"),
        ),
        {"schema": "community"},
    )

    id: UUID = Field(primary_key=True)
    member_id: UUID = Field(foreign_key="community.members.id")
    kind: str = Field(sa_type=Text)
    post_id: UUID | None = Field(default=None, foreign_key="community.posts.id", ondelete="CASCADE")
    actor_id: UUID | None = Field(default=None, foreign_key="community.members.id")
    reaction: str | None = Field(default=None, sa_type=Text)
    text: str | None = Field(default=None, sa_type=Text)
    #: Why, where `text` says what was decided.
    reason: str | None = Field(default=None, sa_type=Text)
    created_at: datetime
