"""A second look is called an appeal, in every table.

Lines of the log were hashed with the word of then, and keep it: `asked_again` reads as `appealed`.
"""

from alembic import op

revision = "moderation_0006"
down_revision = "moderation_0005"
branch_labels = None
depends_on = None

_ACTS = (
    "'opened', 'worried', 'asked_again', 'claimed', 'extended', 'seen', 'released', 'decided', "
    "'alerted', 'reached_out', 'handed_over'"
)
# A community whose tables were made by an earlier release may call a constraint otherwise.
_CONSTRAINTS = """
DO $$
DECLARE found record;
BEGIN
  FOR found IN SELECT conname, replace(conname, '{before}', '{after}') AS renamed
    FROM pg_constraint
    WHERE conrelid = 'moderation.{after}'::regclass AND position('{before}' in conname) > 0
  LOOP
    EXECUTE format('ALTER TABLE moderation.{after} RENAME CONSTRAINT %I TO %I',
      found.conname, found.renamed);
  END LOOP;
END $$
"""


def upgrade() -> None:
    op.execute("ALTER TABLE moderation.second_looks RENAME TO appeals")
    _rename_constraints("second_looks", "appeals")
    op.execute("ALTER INDEX moderation.ix_second_looks_case_id RENAME TO ix_appeals_case_id")
    op.execute("ALTER SEQUENCE moderation.second_looks_place_seq RENAME TO appeals_place_seq")
    _rename_target("second_look", "appeal")
    op.execute(f"""
        ALTER TABLE moderation.log
          DROP CONSTRAINT ck_log_act,
          ADD CONSTRAINT ck_log_act CHECK (act IN ({_ACTS}, 'appealed'))
    """)


def _rename_constraints(before: str, after: str) -> None:
    op.get_bind().exec_driver_sql(
        _CONSTRAINTS.format(before=before, after=after).replace("%I", "%%I")
    )


def _rename_target(before: str, after: str) -> None:
    op.execute("ALTER TABLE moderation.targets DROP CONSTRAINT ck_targets_kind")
    op.execute(f"UPDATE moderation.targets SET kind = '{after}' WHERE kind = '{before}'")
    op.execute(f"""
        ALTER TABLE moderation.targets
          ADD CONSTRAINT ck_targets_kind CHECK (kind IN ('worried', 'breaks_rules', '{after}'))
    """)


def downgrade() -> None:
    op.execute(f"""
        ALTER TABLE moderation.log
          DROP CONSTRAINT ck_log_act,
          ADD CONSTRAINT ck_log_act CHECK (act IN ({_ACTS})) NOT VALID
    """)
    _rename_target("appeal", "second_look")
    op.execute("ALTER SEQUENCE moderation.appeals_place_seq RENAME TO second_looks_place_seq")
    op.execute("ALTER INDEX moderation.ix_appeals_case_id RENAME TO ix_second_looks_case_id")
    op.execute("ALTER TABLE moderation.appeals RENAME TO second_looks")
    _rename_constraints("appeals", "second_looks")
