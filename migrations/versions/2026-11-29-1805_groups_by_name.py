"""Groups are listed by name, a page at a time: an index for all, and one for those online."""

import sqlalchemy as sa
from alembic import op

revision = "programme_0002"
down_revision = "core_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _add("ix_groups_name", "closed_at IS NULL")
    _add("ix_groups_online", "closed_at IS NULL AND mode = 'online'")


def _add(name: str, condition: str) -> None:
    columns = [sa.text("lower(name)"), "id"]
    where = sa.text(condition)
    op.create_index(name, "groups", columns, schema="programme", postgresql_where=where)


def downgrade() -> None:
    for name in ("ix_groups_online", "ix_groups_name"):
        op.drop_index(name, "groups", schema="programme")
