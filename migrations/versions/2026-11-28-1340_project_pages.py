"""What a team says of its study in public: about it, who can be asked, related studies."""

from alembic import op

revision = "research_0021"
down_revision = "research_0020"
branch_labels = None
depends_on = None

_TABLE = """
CREATE TABLE research.project_pages (
  study_id uuid NOT NULL,
  version integer NOT NULL CONSTRAINT ck_project_pages_version CHECK (version > 0),
  about_source text NOT NULL
    CONSTRAINT ck_project_pages_about CHECK (char_length(about_source) BETWEEN 1 AND 20000),
  about_html text NOT NULL,
  contact text NOT NULL
    CONSTRAINT ck_project_pages_contact CHECK (char_length(contact) BETWEEN 10 AND 500),
  related jsonb NOT NULL CONSTRAINT ck_project_pages_related CHECK (
    jsonb_typeof(related) = 'array' AND jsonb_array_length(related) <= 20),
  written_by uuid NOT NULL,
  written_at timestamptz NOT NULL,
  CONSTRAINT pk_project_pages PRIMARY KEY (study_id, version),
  CONSTRAINT fk_project_pages_study_id_studies FOREIGN KEY (study_id) REFERENCES research.studies
);
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON research.project_pages
  FOR EACH ROW EXECUTE FUNCTION core.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON research.project_pages
  FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(_TABLE)


def downgrade() -> None:
    op.execute("DROP TABLE research.project_pages")
