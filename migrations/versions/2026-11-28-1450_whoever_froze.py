"""Whoever froze a dataset decides neither about it nor about what succeeded it after an erasure."""

from alembic import op

revision = "research_0025"
down_revision = "research_0024"
branch_labels = None
depends_on = None

_HAS_FROZEN = """
-- Whether an account froze a dataset, or one that it succeeded: a successor is frozen by nobody.
CREATE FUNCTION research.has_frozen(of_dataset uuid, account uuid) RETURNS boolean
LANGUAGE sql STABLE AS $$
  WITH RECURSIVE line AS (
    SELECT d.frozen_by, d.succeeds FROM research.datasets d WHERE d.id = of_dataset
    UNION ALL
    SELECT d.frozen_by, d.succeeds FROM research.datasets d JOIN line ON d.id = line.succeeds)
  SELECT EXISTS (SELECT FROM line WHERE line.frozen_by = account)
$$;
"""

_RELEASES = """
CREATE OR REPLACE FUNCTION research.require_second_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM research.release_requests r
      WHERE r.id = NEW.request_id AND (r.requested_by = NEW.decided_by OR {froze})) THEN
    RAISE EXCEPTION 'whoever asked does not decide'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'second_person';
  END IF;
  RETURN NEW;
END $$;
"""
_EDITIONS = """
CREATE OR REPLACE FUNCTION research.take_edition_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  edition research.editions;
  dataset research.datasets;
BEGIN
  SELECT d.* INTO dataset FROM research.datasets d JOIN research.editions e ON e.dataset_id = d.id
  WHERE e.id = NEW.edition_id FOR SHARE OF d;
  SELECT * INTO edition FROM research.editions WHERE id = NEW.edition_id FOR UPDATE;
  IF edition.state IS DISTINCT FROM 'ready' THEN
    RAISE EXCEPTION 'an edition is decided about once it is ready'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'edition_ready';
  END IF;
  IF research.has_part_in_edition(edition.id, NEW.decided_by) OR {froze} THEN
    RAISE EXCEPTION 'someone else decides about an edition'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'second_person';
  END IF;
  IF NEW.decision = 'released' AND (dataset.closed_at IS NOT NULL
      OR NOT research.is_signed_off('edition', edition.study_id, NULL, edition.number)) THEN
    RAISE EXCEPTION 'an edition is released of an open dataset, once it is signed off'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'signed_off';
  END IF;
  RETURN NEW;
END $$;
"""
_LINE = ("research.has_frozen(r.dataset_id, NEW.decided_by)",
         "research.has_frozen(dataset.id, NEW.decided_by)")  # fmt: skip
_ALONE = (
    "EXISTS (SELECT FROM research.datasets d"
    " WHERE d.id = r.dataset_id AND d.frozen_by = NEW.decided_by)",
    "dataset.frozen_by IS NOT DISTINCT FROM NEW.decided_by",
)


def _replace(of_releases: str, of_editions: str) -> None:
    connection = op.get_bind()
    connection.exec_driver_sql(_RELEASES.format(froze=of_releases))
    connection.exec_driver_sql(_EDITIONS.format(froze=of_editions))


def upgrade() -> None:
    op.get_bind().exec_driver_sql(_HAS_FROZEN)
    _replace(*_LINE)


def downgrade() -> None:
    """Whoever froze what a dataset succeeds may decide again."""
    _replace(*_ALONE)
    op.execute("DROP FUNCTION research.has_frozen(uuid, uuid)")
