"""Members, the wall with its posts, replies and reactions, what was seen, notifications."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "community_0001"
down_revision = "identity_0001"
branch_labels = None
depends_on = None

WALL_ID = "00000000-0000-7000-8000-000000000001"
SCHEMA = "community"
INTENTS = "'looking_for_support', 'saying_hello', 'seeking_suggestions', 'sharing_a_little_win'"
REACTIONS = "'thinking_of_you', 'i_hear_you', 'i_like_this', 'this_helped_me'"
IS_ROOT = sa.text("parent_id IS NULL")

# Who may see what, the one rule. Plain SQL functions of one expression, so that PostgreSQL puts
# the expression itself into the statement that asks (an EXISTS in here would forbid that, which
# is why replies are counted on every post).
#
# may_see: hidden - the author and moderators; withdrawn - a placeholder while replies hang on it.
# A reply is seen where its root is seen too, so ask both: may_see(reply) AND may_see(root).
# shown_*: what leaves of a post that may be seen; a withdrawn text never does.
_VISIBILITY = """
CREATE FUNCTION community.may_see(p community.posts, viewer uuid, sees_hidden boolean)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (p.withdrawn_at IS NULL OR p.reply_count > 0)
     AND (p.visibility = 'visible' OR sees_hidden OR p.author_id = viewer)
$$;
CREATE FUNCTION community.shown_state(p community.posts)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN p.withdrawn_at IS NOT NULL THEN 'withdrawn' ELSE p.visibility END
$$;
CREATE FUNCTION community.shown_html(p community.posts)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN p.withdrawn_at IS NULL THEN p.body_html ELSE '' END
$$;
CREATE FUNCTION community.shown_source(p community.posts, viewer uuid)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN p.withdrawn_at IS NULL AND p.author_id = viewer THEN p.body_source END
$$;
"""


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _id(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _count(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False)


def _to_member(table: str, column: str = "member_id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], ["community.members.id"], name=f"fk_{table}_{column}_members"
    )


def _to_post(table: str, column: str = "post_id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], ["community.posts.id"], name=f"fk_{table}_{column}_posts", ondelete="CASCADE"
    )


def upgrade() -> None:
    op.execute("CREATE SCHEMA community")
    _members_and_spaces()
    _posts()
    _texts_and_reactions()
    _seen_and_notifications()
    op.execute(_VISIBILITY)
    op.execute(f"INSERT INTO community.spaces VALUES ('{WALL_ID}', 'wall', 'The wall')")


def downgrade() -> None:
    op.execute("DROP SCHEMA community CASCADE")


def _members_and_spaces() -> None:
    op.create_table(
        "members",
        _id("id"),
        _text("display_name"),
        _text("display_key", nullable=True),
        _text("about"),
        sa.Column("show_notes_open", sa.Boolean(), nullable=False),
        _time("joined_at"),
        _time("left_at", nullable=True),
        _id("notifications_seen_id", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_members"),
        sa.ForeignKeyConstraint(
            ["id"], ["identity.accounts.member_id"], name="fk_members_id_accounts"
        ),
        sa.UniqueConstraint("display_key", name="uq_members_display_key"),
        sa.CheckConstraint(
            "char_length(display_name) BETWEEN 2 AND 30", name="display_name_length"
        ),
        sa.CheckConstraint("char_length(about) <= 500", name="about_length"),
        sa.CheckConstraint(
            "(left_at IS NULL) = (display_key IS NOT NULL)", name="left_has_no_name"
        ),
        schema=SCHEMA,
    )
    op.create_table(
        "spaces",
        _id("id"),
        _text("kind"),
        _text("name"),
        sa.PrimaryKeyConstraint("id", name="pk_spaces"),
        sa.UniqueConstraint("name", name="uq_spaces_name"),
        sa.CheckConstraint("kind = 'wall'", name="kind"),
        schema=SCHEMA,
    )


def _posts() -> None:
    op.create_table(
        "posts",
        _id("id"),
        _id("space_id"),
        _id("thread_id"),
        _id("parent_id", nullable=True),
        _id("author_id"),
        _text("intent", nullable=True),
        _text("note_about", nullable=True),
        _text("note_by", nullable=True),
        _text("body_source"),
        _text("body_html"),
        sa.Column("revision", sa.Integer(), nullable=False),
        _time("created_at"),
        _time("edited_at", nullable=True),
        _time("withdrawn_at", nullable=True),
        _text("visibility"),
        _text("hidden_reason", nullable=True),
        _count("reply_count"),
        sa.Column("is_answered", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        _id("last_reply_id", nullable=True),
        _id("last_reply_author_id", nullable=True),
        _count("thinking_of_you_count"),
        _count("i_hear_you_count"),
        _count("i_like_this_count"),
        _count("this_helped_me_count"),
        _id("client_key", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_posts"),
        sa.ForeignKeyConstraint(
            ["space_id"], ["community.spaces.id"], name="fk_posts_space_id_spaces"
        ),
        _to_member("posts", "author_id"),
        *_post_checks(),
        schema=SCHEMA,
    )
    op.create_index(
        "uq_posts_thread_id_id_space_id",
        "posts",
        ["thread_id", "id", "space_id"],
        unique=True,
        schema=SCHEMA,
    )
    # By induction over the parents, thread and space of a reply are those of its root.
    op.create_foreign_key(
        "fk_posts_parent",
        "posts",
        "posts",
        ["thread_id", "parent_id", "space_id"],
        ["thread_id", "id", "space_id"],
        source_schema=SCHEMA,
        referent_schema=SCHEMA,
    )
    _post_indexes()
    # Counting replies rewrites the row of the root: room on its page lets that leave all
    # indexes alone. The rendered text stays in the row, for every read wants it.
    op.execute("ALTER TABLE community.posts SET (fillfactor = 85)")
    op.execute("ALTER TABLE community.posts ALTER COLUMN body_html SET STORAGE MAIN")


def _post_checks() -> list[sa.CheckConstraint]:
    checks = {
        "root_is_its_thread": "(parent_id IS NULL) = (thread_id = id)",
        "intent_on_roots": "intent IS NULL OR parent_id IS NULL",
        "intent": f"intent IN ({INTENTS})",
        "note_whole": "(note_about IS NULL) = (note_by IS NULL)",
        "note_by": "note_by IN ('author', 'moderator')",
        "note_length": "char_length(note_about) BETWEEN 1 AND 60",
        "body_length": "char_length(body_source) BETWEEN 1 AND 10000",
        "visibility": "visibility IN ('visible', 'hidden')",
        "hidden_why": "(visibility = 'hidden') = (hidden_reason IS NOT NULL)",
        "counts": "revision >= 1 AND reply_count >= 0",
        "reaction_counts": "least(thinking_of_you_count, i_hear_you_count, i_like_this_count,"
        " this_helped_me_count) >= 0",
    }
    return [sa.CheckConstraint(rule, name=name) for name, rule in checks.items()]


def _post_indexes() -> None:
    # Ordered by time and not by id alone: the primary key could give that order too, and a plan
    # that walks it wades through every reply since.
    op.create_index(
        "ix_posts_wall",
        "posts",
        ["space_id", "created_at", "id"],
        schema=SCHEMA,
        postgresql_where=IS_ROOT,
    )
    op.create_index(
        "ix_posts_unanswered",
        "posts",
        ["space_id", "is_answered", "created_at", "id"],
        schema=SCHEMA,
        postgresql_where=IS_ROOT,
    )
    op.create_index(
        "ix_posts_intent",
        "posts",
        ["space_id", "intent", "created_at", "id"],
        schema=SCHEMA,
        postgresql_where=sa.text("intent IS NOT NULL"),
    )
    op.create_index(
        "ix_posts_author_id_created_at_id",
        "posts",
        ["author_id", "created_at", "id"],
        schema=SCHEMA,
    )
    op.create_index(
        "uq_posts_author_id_client_key",
        "posts",
        ["author_id", "client_key"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("client_key IS NOT NULL"),
    )


def _texts_and_reactions() -> None:
    op.create_table(
        "post_words",
        _id("post_id"),
        sa.Column("words", postgresql.TSVECTOR(), nullable=False),
        sa.PrimaryKeyConstraint("post_id", name="pk_post_words"),
        _to_post("post_words"),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_post_words_words", "post_words", ["words"], schema=SCHEMA, postgresql_using="gin"
    )
    op.create_table(
        "post_revisions",
        _id("post_id"),
        sa.Column("revision", sa.Integer(), nullable=False),
        _text("body_source"),
        _text("body_html"),
        _text("note_about", nullable=True),
        _time("created_at"),
        sa.PrimaryKeyConstraint("post_id", "revision", name="pk_post_revisions"),
        _to_post("post_revisions"),
        schema=SCHEMA,
    )
    op.create_table(
        "reactions",
        _id("post_id"),
        _id("member_id"),
        _text("kind"),
        _time("created_at"),
        sa.PrimaryKeyConstraint("post_id", "member_id", "kind", name="pk_reactions"),
        _to_post("reactions"),
        _to_member("reactions"),
        sa.CheckConstraint(f"kind IN ({REACTIONS})", name="kind"),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_reactions_member_id_created_at",
        "reactions",
        ["member_id", "created_at", "post_id"],
        schema=SCHEMA,
    )


def _seen_and_notifications() -> None:
    op.create_table(
        "space_seen",
        _id("member_id"),
        _id("space_id"),
        _time("seen_until"),
        sa.PrimaryKeyConstraint("member_id", "space_id", name="pk_space_seen"),
        _to_member("space_seen"),
        sa.ForeignKeyConstraint(
            ["space_id"], ["community.spaces.id"], name="fk_space_seen_space_id_spaces"
        ),
        schema=SCHEMA,
    )
    op.create_table(
        "thread_seen",
        _id("member_id"),
        _id("thread_id"),
        _id("seen_post_id"),
        sa.PrimaryKeyConstraint("member_id", "thread_id", name="pk_thread_seen"),
        _to_member("thread_seen"),
        _to_post("thread_seen", "thread_id"),
        schema=SCHEMA,
    )
    op.create_table(
        "notifications",
        _id("id"),
        _id("member_id"),
        _text("kind"),
        _id("post_id", nullable=True),
        _id("actor_id", nullable=True),
        _text("reaction", nullable=True),
        _text("text", nullable=True),
        _time("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_notifications"),
        _to_member("notifications"),
        _to_member("notifications", "actor_id"),
        _to_post("notifications"),
        *_notification_checks(),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_notifications_member_id_id", "notifications", ["member_id", "id"], schema=SCHEMA
    )
    op.create_index(
        "uq_notifications_reply",
        "notifications",
        ["post_id", "member_id"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("kind = 'reply'"),
    )
    op.create_index(
        "uq_notifications_reaction",
        "notifications",
        ["post_id", "member_id", "actor_id", "reaction"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("kind = 'reaction'"),
    )


def _notification_checks() -> list[sa.CheckConstraint]:
    checks = {
        "kind": "kind IN ('reply', 'reaction', 'decision', 'report_answer')",
        "words": "(kind IN ('reply', 'reaction')) = (actor_id IS NOT NULL)"
        " AND (kind IN ('reply', 'reaction')) = (text IS NULL)",
        "reaction": "(kind = 'reaction') = (reaction IS NOT NULL)",
        "post": "actor_id IS NULL OR post_id IS NOT NULL",
    }
    return [sa.CheckConstraint(rule, name=name) for name, rule in checks.items()]
