"""Advisers review sheets and instruments: comments, sign-offs, and what the team did about them.

A study opens once its sheet and its instruments are signed off; what is open stays open. A sheet
that is written for an open study comes into force with its sign-off.
"""

from alembic import op

revision = "research_0017"
down_revision = "research_0016"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE research.reviews (
  id bigint GENERATED ALWAYS AS IDENTITY,
  kind text NOT NULL,
  study_id uuid,
  name text,
  version integer NOT NULL,
  verdict text NOT NULL,
  words text NOT NULL,
  may_show boolean NOT NULL,
  written_by uuid NOT NULL,
  written_at timestamptz NOT NULL,
  CONSTRAINT pk_reviews PRIMARY KEY (id),
  CONSTRAINT fk_reviews_study_id_studies FOREIGN KEY (study_id) REFERENCES research.studies,
  CONSTRAINT ck_reviews_kind CHECK (kind IN ('sheet', 'instrument', 'edition')),
  CONSTRAINT ck_reviews_verdict CHECK (verdict IN ('comment', 'signed_off', 'needs_change')),
  CONSTRAINT ck_reviews_subject CHECK (version > 0
    AND (kind = 'instrument') = (name IS NOT NULL) AND (kind = 'instrument') = (study_id IS NULL)),
  CONSTRAINT ck_reviews_words CHECK (char_length(words) <= 2000
    AND (words <> '' OR verdict = 'signed_off' AND NOT may_show))
);
CREATE INDEX ix_reviews_study_id_kind_version ON research.reviews (study_id, kind, version);
CREATE INDEX ix_reviews_name_version ON research.reviews (name, version);

CREATE TABLE research.review_answers (
  review_id bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  words text NOT NULL,
  answered_by uuid NOT NULL,
  answered_at timestamptz NOT NULL,
  CONSTRAINT pk_review_answers PRIMARY KEY (review_id, id),
  CONSTRAINT fk_review_answers_review_id_reviews
    FOREIGN KEY (review_id) REFERENCES research.reviews,
  CONSTRAINT ck_review_answers_words CHECK (char_length(words) BETWEEN 1 AND 2000)
);

ALTER TABLE research.sheets ADD COLUMN needs_sign_off boolean NOT NULL DEFAULT false;
"""

_RULES = """
-- What the last adviser who signed it off, or asked for a change, said of it.
CREATE FUNCTION research.is_signed_off(
  of_kind text, of_study uuid, of_name text, of_version integer) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT coalesce((
    SELECT verdict = 'signed_off' FROM research.reviews
    WHERE kind = of_kind AND version = of_version AND verdict <> 'comment'
      AND study_id IS NOT DISTINCT FROM of_study AND name IS NOT DISTINCT FROM of_name
    ORDER BY id DESC LIMIT 1), false)
$$;

-- The sheet that members read: the newest that was signed off at least once, or needs no sign-off.
CREATE FUNCTION research.sheet_in_force(of_study uuid) RETURNS integer
LANGUAGE sql STABLE AS $$
  SELECT max(version) FROM research.sheets s
  WHERE study_id = of_study AND (NOT needs_sign_off OR EXISTS (
    SELECT FROM research.reviews r WHERE r.kind = 'sheet' AND r.study_id = of_study
      AND r.version = s.version AND r.verdict = 'signed_off'))
$$;

CREATE FUNCTION research.take_sheet() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.needs_sign_off := EXISTS (
    SELECT FROM research.studies WHERE id = NEW.study_id AND state <> 'draft');
  RETURN NEW;
END $$;
CREATE TRIGGER take_sheet BEFORE INSERT ON research.sheets
  FOR EACH ROW EXECUTE FUNCTION research.take_sheet();

CREATE FUNCTION research.take_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.kind = 'sheet' THEN
    IF NOT EXISTS (SELECT FROM research.sheets s
        WHERE s.study_id = NEW.study_id AND s.version = NEW.version) THEN
      RAISE EXCEPTION 'there is no such sheet'
        USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'review_of_sheet';
    END IF;
    IF EXISTS (SELECT FROM research.sheets s WHERE s.study_id = NEW.study_id
        AND s.version = NEW.version AND s.published_by = NEW.written_by) THEN
      RAISE EXCEPTION 'whoever wrote a sheet does not review it'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'second_person';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER take_review BEFORE INSERT ON research.reviews
  FOR EACH ROW EXECUTE FUNCTION research.take_review();

CREATE FUNCTION research.require_sign_offs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT coalesce(research.is_signed_off('sheet', NEW.id, NULL,
      (SELECT max(version) FROM research.sheets WHERE study_id = NEW.id)), false)
    OR EXISTS (SELECT FROM research.wave_instruments i WHERE i.study_id = NEW.id
      AND NOT research.is_signed_off('instrument', NULL, i.instrument, i.version)) THEN
    RAISE EXCEPTION 'the sheet or an instrument of this study is not signed off'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'signed_off';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER require_sign_offs BEFORE UPDATE OF state ON research.studies
  FOR EACH ROW WHEN (OLD.state = 'draft' AND NEW.state = 'open')
  EXECUTE FUNCTION research.require_sign_offs();
"""

_APPEND_ONLY = """
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON research.{table}
  FOR EACH ROW EXECUTE FUNCTION core.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON research.{table}
  FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();
"""


def upgrade() -> None:
    connection = op.get_bind()
    connection.exec_driver_sql(_TABLES)
    connection.exec_driver_sql(_RULES)
    for table in ("reviews", "review_answers"):
        connection.exec_driver_sql(_APPEND_ONLY.format(table=table))


def downgrade() -> None:
    """Reviews and what was done about them go. A sheet that waited for its sign-off is in force
    then: the former version has no word for it."""
    op.execute("DROP TRIGGER require_sign_offs ON research.studies")
    op.execute("DROP TRIGGER take_sheet ON research.sheets")
    op.execute("DROP FUNCTION research.sheet_in_force(uuid)")
    op.execute("DROP TABLE research.review_answers, research.reviews")
    for name in ("require_sign_offs", "take_review", "take_sheet"):
        op.execute(f"DROP FUNCTION research.{name}()")
    op.execute("DROP FUNCTION research.is_signed_off(text, uuid, text, integer)")
    op.execute("ALTER TABLE research.sheets DROP COLUMN needs_sign_off")
