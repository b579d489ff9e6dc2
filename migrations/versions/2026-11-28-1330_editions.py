"""Editions of a report: texts in versions, editions and their files, the steps they took, what was
decided of each. Advisers review them. An erasure withdraws what is not released."""

from alembic import op

revision = "research_0020"
down_revision = "research_0018"
branch_labels = None
depends_on = None

_KINDS = (
    "'early_findings', 'two_pages', 'four_pages', 'full_report', 'toolkit', 'area_sheets',"
    " 'what_you_told_us'"
)

_TABLES = f"""
CREATE TABLE research.edition_texts (
  study_id uuid NOT NULL,
  kind text NOT NULL CONSTRAINT ck_edition_texts_kind CHECK (kind IN ({_KINDS})),
  version integer NOT NULL CONSTRAINT ck_edition_texts_version CHECK (version > 0),
  sections jsonb NOT NULL
    CONSTRAINT ck_edition_texts_sections CHECK (jsonb_typeof(sections) = 'object'),
  dataset_id uuid NOT NULL,
  written_by uuid NOT NULL,
  written_at timestamptz NOT NULL,
  CONSTRAINT pk_edition_texts PRIMARY KEY (study_id, kind, version),
  CONSTRAINT fk_edition_texts_study_id_dataset_id_datasets
    FOREIGN KEY (study_id, dataset_id) REFERENCES research.datasets (study_id, id)
);

CREATE TABLE research.editions (
  id uuid PRIMARY KEY,
  study_id uuid NOT NULL,
  number integer NOT NULL CONSTRAINT ck_editions_number CHECK (number > 0),
  kind text NOT NULL CONSTRAINT ck_editions_kind CHECK (kind IN ({_KINDS})),
  dataset_id uuid NOT NULL,
  evaluation_id uuid NOT NULL,
  text_version integer,
  software_version text NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CONSTRAINT ck_editions_state CHECK (
    state IN ('waiting', 'rendering', 'ready', 'failed', 'cancelled', 'withdrawn')),
  done integer NOT NULL DEFAULT 0,
  parts integer NOT NULL DEFAULT 0,
  why text NOT NULL DEFAULT '',
  made_by uuid NOT NULL,
  made_at timestamptz NOT NULL,
  ended_at timestamptz,
  CONSTRAINT uq_editions_study_id_id UNIQUE (study_id, id),
  CONSTRAINT uq_editions_study_id_number UNIQUE (study_id, number),
  CONSTRAINT ck_editions_ended CHECK ((ended_at IS NULL) = (state IN ('waiting', 'rendering'))),
  CONSTRAINT ck_editions_progress CHECK (done BETWEEN 0 AND parts),
  CONSTRAINT fk_editions_study_id_dataset_id_evaluation_id_evaluations
    FOREIGN KEY (study_id, dataset_id, evaluation_id)
    REFERENCES research.evaluations (study_id, dataset_id, id),
  CONSTRAINT fk_editions_study_id_kind_text_version_edition_texts
    FOREIGN KEY (study_id, kind, text_version) REFERENCES research.edition_texts
);
CREATE UNIQUE INDEX uq_editions_study_id_kind ON research.editions (study_id, kind)
  WHERE ended_at IS NULL;
CREATE INDEX ix_editions_dataset_id ON research.editions (dataset_id);

CREATE TABLE research.edition_files (
  study_id uuid NOT NULL,
  edition_id uuid NOT NULL,
  name text NOT NULL CONSTRAINT ck_edition_files_name CHECK (name IN ('html', 'pdf')),
  content bytea NOT NULL,
  byte_size integer NOT NULL
    CONSTRAINT ck_edition_files_byte_size CHECK (byte_size = octet_length(content)),
  sha256 text NOT NULL
    CONSTRAINT ck_edition_files_sha256 CHECK (sha256 = encode(sha256(content), 'hex')),
  CONSTRAINT pk_edition_files PRIMARY KEY (study_id, edition_id, name),
  CONSTRAINT fk_edition_files_study_id_edition_id_editions
    FOREIGN KEY (study_id, edition_id) REFERENCES research.editions (study_id, id)
);
-- They are compressed already: PDF by itself, and HTML is read as a whole.
ALTER TABLE research.edition_files ALTER COLUMN content SET STORAGE EXTERNAL;

CREATE TABLE research.edition_steps (
  study_id uuid NOT NULL,
  edition_id uuid NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  what text NOT NULL,
  at timestamptz NOT NULL,
  CONSTRAINT pk_edition_steps PRIMARY KEY (study_id, edition_id, id),
  CONSTRAINT fk_edition_steps_study_id_edition_id_editions
    FOREIGN KEY (study_id, edition_id) REFERENCES research.editions (study_id, id)
);

CREATE TABLE research.edition_decisions (
  study_id uuid NOT NULL,
  edition_id uuid NOT NULL,
  decision text NOT NULL
    CONSTRAINT ck_edition_decisions_decision CHECK (decision IN ('released', 'refused')),
  note text NOT NULL
    CONSTRAINT ck_edition_decisions_note CHECK (char_length(note) BETWEEN 3 AND 1000),
  decided_by uuid NOT NULL,
  decided_at timestamptz NOT NULL,
  CONSTRAINT pk_edition_decisions PRIMARY KEY (study_id, edition_id),
  CONSTRAINT fk_edition_decisions_study_id_edition_id_editions
    FOREIGN KEY (study_id, edition_id) REFERENCES research.editions (study_id, id)
);
"""

_EDITIONS = """
-- A step of an edition is told by what happens to it: nothing else writes one.
CREATE FUNCTION research.note_edition_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO research.edition_steps (study_id, edition_id, what, at)
    VALUES (NEW.study_id, NEW.id, 'made', NEW.made_at);
  ELSIF NEW.state <> OLD.state AND NEW.ended_at IS NOT NULL THEN
    INSERT INTO research.edition_steps (study_id, edition_id, what, at)
    VALUES (NEW.study_id, NEW.id, NEW.state, NEW.ended_at);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER note_step AFTER INSERT OR UPDATE ON research.editions
  FOR EACH ROW EXECUTE FUNCTION research.note_edition_step();

CREATE FUNCTION research.take_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> 'waiting' OR NOT EXISTS (SELECT FROM research.evaluations e
      JOIN research.datasets d ON d.id = e.dataset_id
      WHERE e.id = NEW.evaluation_id AND e.state = 'done' AND d.closed_at IS NULL
      FOR SHARE OF d) THEN
    RAISE EXCEPTION 'an edition is made of an evaluation that is done, of an open dataset'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'evaluation_done';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER take_edition BEFORE INSERT ON research.editions
  FOR EACH ROW EXECUTE FUNCTION research.take_edition();

CREATE FUNCTION research.keep_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE'
      OR (NEW.id, NEW.study_id, NEW.number, NEW.kind, NEW.dataset_id, NEW.evaluation_id,
          NEW.text_version, NEW.software_version, NEW.made_by, NEW.made_at)
        IS DISTINCT FROM (OLD.id, OLD.study_id, OLD.number, OLD.kind, OLD.dataset_id,
          OLD.evaluation_id, OLD.text_version, OLD.software_version, OLD.made_by, OLD.made_at)
      OR (OLD.ended_at IS NOT NULL AND (OLD.state <> 'ready' OR NEW.state <> 'withdrawn'
        OR (NEW.done, NEW.parts, NEW.why) IS DISTINCT FROM (OLD.done, OLD.parts, OLD.why))) THEN
    RAISE EXCEPTION 'an edition stays as it is'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'edition_kept';
  END IF;
  IF NEW.state = 'withdrawn' AND (
      NOT EXISTS (SELECT FROM research.datasets d
        WHERE d.id = NEW.dataset_id AND d.closed_at IS NOT NULL)
      OR EXISTS (SELECT FROM research.edition_decisions c
        WHERE c.edition_id = NEW.id AND c.decision = 'released')) THEN
    RAISE EXCEPTION 'an edition is withdrawn when its dataset closes before its release'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'edition_withdrawn';
  END IF;
  IF NEW.state = 'ready' AND (SELECT count(*) FROM research.edition_files f
      WHERE f.edition_id = NEW.id) <> 2 THEN
    RAISE EXCEPTION 'an edition is ready with both its files'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'edition_files';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_edition BEFORE UPDATE OR DELETE ON research.editions
  FOR EACH ROW EXECUTE FUNCTION research.keep_edition();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON research.editions
  FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();

-- What is released stays; all else goes with the dataset that an erasure closes.
CREATE FUNCTION research.withdraw_editions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE research.editions e SET state = 'withdrawn', ended_at = NEW.closed_at
  WHERE e.dataset_id = NEW.id AND e.state IN ('waiting', 'rendering', 'ready')
    AND NOT EXISTS (SELECT FROM research.edition_decisions c
      WHERE c.edition_id = e.id AND c.decision = 'released');
  DELETE FROM research.edition_files f USING research.editions e
  WHERE e.id = f.edition_id AND e.dataset_id = NEW.id AND e.state = 'withdrawn';
  RETURN NULL;
END $$;
CREATE TRIGGER withdraw_editions AFTER UPDATE OF closed_at ON research.datasets
  FOR EACH ROW WHEN (OLD.closed_at IS NULL AND NEW.closed_at IS NOT NULL)
  EXECUTE FUNCTION research.withdraw_editions();
"""

_FILES = """
CREATE FUNCTION research.take_edition_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM research.editions e
      WHERE e.id = NEW.edition_id AND e.state = 'rendering' FOR UPDATE) THEN
    RAISE EXCEPTION 'a file comes while its edition is rendered'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'edition_rendering';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER take_file BEFORE INSERT ON research.edition_files
  FOR EACH ROW EXECUTE FUNCTION research.take_edition_file();

-- Nobody sees half an edition: its files are there from the transaction on that says it is ready.
CREATE FUNCTION research.require_ready_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM research.editions e
      WHERE e.id = NEW.edition_id AND e.state <> 'rendering') THEN
    RAISE EXCEPTION 'files come together with their edition being ready'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'edition_whole';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER require_ready AFTER INSERT ON research.edition_files
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION research.require_ready_edition();

CREATE FUNCTION research.keep_edition_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' OR NOT EXISTS (SELECT FROM research.editions e
      WHERE e.id = OLD.edition_id AND e.state = 'withdrawn') THEN
    RAISE EXCEPTION 'a file goes only with an edition that is withdrawn'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'edition_file_kept';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER keep_file BEFORE UPDATE OR DELETE ON research.edition_files
  FOR EACH ROW EXECUTE FUNCTION research.keep_edition_file();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON research.edition_files
  FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();
"""

_DECISIONS = """
-- Who made an edition, and who wrote what stands in it.
CREATE FUNCTION research.has_part_in_edition(of_edition uuid, account uuid) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM research.editions e WHERE e.id = of_edition AND (
    e.made_by = account OR EXISTS (SELECT FROM research.edition_texts t
      WHERE t.study_id = e.study_id AND t.kind = e.kind AND t.version <= e.text_version
        AND t.written_by = account)))
$$;

CREATE FUNCTION research.take_edition_decision() RETURNS trigger LANGUAGE plpgsql AS $$
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
  IF research.has_part_in_edition(edition.id, NEW.decided_by)
      OR dataset.frozen_by IS NOT DISTINCT FROM NEW.decided_by THEN
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
CREATE TRIGGER take_edition_decision BEFORE INSERT ON research.edition_decisions
  FOR EACH ROW EXECUTE FUNCTION research.take_edition_decision();

CREATE OR REPLACE FUNCTION research.take_review() RETURNS trigger LANGUAGE plpgsql AS $$
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
  IF NEW.kind = 'edition' THEN
    -- In one line with who decides: a wish for a change comes before the release or not at all.
    PERFORM FROM research.editions e WHERE e.study_id = NEW.study_id AND e.number = NEW.version
      AND e.state = 'ready' FOR SHARE;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'there is no such edition that is ready'
        USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'review_of_edition';
    END IF;
    IF EXISTS (SELECT FROM research.editions e WHERE e.study_id = NEW.study_id
        AND e.number = NEW.version AND research.has_part_in_edition(e.id, NEW.written_by)) THEN
      RAISE EXCEPTION 'someone else reviews an edition'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'second_person';
    END IF;
  END IF;
  RETURN NEW;
END $$;
"""

_FORMER_TAKE_REVIEW = """
CREATE OR REPLACE FUNCTION research.take_review() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""

_APPEND_ONLY = """
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON research.{table}
  FOR EACH ROW EXECUTE FUNCTION core.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON research.{table}
  FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();
"""


def upgrade() -> None:
    connection = op.get_bind()
    for statements in (_TABLES, _EDITIONS, _FILES, _DECISIONS):
        connection.exec_driver_sql(statements.replace("%", "%%"))
    for table in ("edition_texts", "edition_steps", "edition_decisions"):
        connection.exec_driver_sql(_APPEND_ONLY.format(table=table))


def downgrade() -> None:
    """Editions go, with their texts, files and what was decided; what advisers said stays."""
    op.execute("DROP TRIGGER withdraw_editions ON research.datasets")
    op.execute(_FORMER_TAKE_REVIEW)
    op.execute(
        "DROP TABLE research.edition_decisions, research.edition_steps, research.edition_files,"
        " research.editions, research.edition_texts"
    )
    for name in (
        "withdraw_editions()",
        "note_edition_step()",
        "take_edition()",
        "keep_edition()",
        "take_edition_file()",
        "require_ready_edition()",
        "keep_edition_file()",
        "take_edition_decision()",
        "has_part_in_edition(uuid, uuid)",
    ):
        op.execute(f"DROP FUNCTION research.{name}")
