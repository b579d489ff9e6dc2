"""The index of words knows when a post was made, in spans of time of five lengths.

So search looks for a word among the posts of some days, then of some months, instead of fetching
every post that ever held it. An id begins with its time (`app.core.ids`), so spans follow from ids
and no row changes. The new index does what the former one did, also for servers of the release
before.
"""

from alembic import op

revision = "community_0016"
down_revision = "community_0015"
branch_labels = None
depends_on = None

#: Milliseconds since 1970, as ids of version 7 begin with; in the order of ids for any other.
_TIME_OF = """
CREATE FUNCTION community.time_of(id uuid) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ('x' || translate(left(id::text, 13), '-', ''))::bit(48)::bigint
$$
"""
#: The span of 2^level milliseconds that a time is in; no two of any level have the same number.
_SPAN = """
CREATE FUNCTION community.span(ms bigint, level int) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT (ms >> level) * 64 + level $$
"""
#: Two hours, a day, a week, fifty days, a year.
_SPANS = """
CREATE FUNCTION community.spans(id uuid) RETURNS bigint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY[
    community.span(community.time_of(id), 23), community.span(community.time_of(id), 26),
    community.span(community.time_of(id), 29), community.span(community.time_of(id), 32),
    community.span(community.time_of(id), 35)]
$$
"""
#: Spans first: GIN then begins where the span does, and not at the first post with the word.
_INDEX = """
CREATE INDEX ix_post_words_spans_words ON community.post_words
USING gin (community.spans(post_id), words)
"""


def upgrade() -> None:
    for made in (_TIME_OF, _SPAN, _SPANS, _INDEX):
        op.execute(made)
    op.execute("DROP INDEX community.ix_post_words_words")


def downgrade() -> None:
    op.execute("CREATE INDEX ix_post_words_words ON community.post_words USING gin (words)")
    op.execute("DROP INDEX community.ix_post_words_spans_words")
    op.execute("DROP FUNCTION community.spans(uuid)")
    op.execute("DROP FUNCTION community.span(bigint, int)")
    op.execute("DROP FUNCTION community.time_of(uuid)")
