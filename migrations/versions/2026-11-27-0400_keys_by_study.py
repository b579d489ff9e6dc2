"""Texts, pulls, deliveries and questions are keyed by their study, as everything of a study is; and
the database itself takes no consent from staff, also where they were linked before they were
appointed.
"""

from alembic import op

revision = "research_0006"
down_revision = "research_0005"
branch_labels = None
depends_on = None

_QUESTIONS = """
ALTER TABLE research.questions
  DROP CONSTRAINT pk_questions,
  ADD CONSTRAINT pk_questions PRIMARY KEY (study_id, id);
"""

_TEXTS = """
ALTER TABLE research.texts
  DROP CONSTRAINT pk_texts,
  DROP CONSTRAINT uq_texts_participant_id_post_id,
  ADD CONSTRAINT pk_texts PRIMARY KEY (study_id, participant_id, post_id);
CREATE INDEX ix_texts_study_id_participant_id_id
  ON research.texts (study_id, participant_id, id);
"""

# What was delivered and not yet passed belongs to the study of its participant.
_DELIVERIES = """
ALTER TABLE research.deliveries ADD study_id uuid;
UPDATE research.deliveries d SET study_id = p.study_id
  FROM research.participants p WHERE p.id = d.participant_id;
ALTER TABLE research.deliveries
  ALTER study_id SET NOT NULL,
  DROP CONSTRAINT pk_deliveries,
  ADD CONSTRAINT pk_deliveries PRIMARY KEY (study_id, event_id, participant_id, kind);
"""

_PULLS = """
ALTER TABLE research.pulls DISABLE TRIGGER USER;
ALTER TABLE research.pulls ADD study_id uuid;
UPDATE research.pulls p SET study_id = d.study_id
  FROM research.datasets d WHERE d.id = p.dataset_id;
ALTER TABLE research.pulls
  ALTER study_id SET NOT NULL,
  DROP CONSTRAINT pk_pulls,
  DROP CONSTRAINT fk_pulls_dataset_id_datasets,
  DROP CONSTRAINT fk_pulls_request_id_release_requests,
  ADD CONSTRAINT pk_pulls PRIMARY KEY (study_id, id),
  ADD CONSTRAINT fk_pulls_study_id_dataset_id_datasets
    FOREIGN KEY (study_id, dataset_id) REFERENCES research.datasets (study_id, id),
  ADD CONSTRAINT fk_pulls_study_id_request_id_release_requests
    FOREIGN KEY (study_id, request_id) REFERENCES research.release_requests (study_id, id);
DROP INDEX research.ix_pulls_dataset_id_id;
CREATE INDEX ix_pulls_study_id_dataset_id_id ON research.pulls (study_id, dataset_id, id);
ALTER TABLE research.pulls ENABLE TRIGGER USER;
"""

# No lock on the account: it is locked before participants elsewhere. Who is appointed in this very
# moment is stopped by the subscriber, and nothing of theirs may be recorded meanwhile.
_TAKE_CONSENT = """
CREATE OR REPLACE FUNCTION research.take_consent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE research.participants SET changed_at = NEW.at
    WHERE id = NEW.participant_id AND state <> 'erased';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'an erased participant takes no consent'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'participant_erased';
  END IF;
  IF NEW.act = 'given' AND EXISTS (SELECT FROM identity.study_links l
      WHERE l.participant_id = NEW.participant_id AND identity.is_staff(l.member_id)) THEN
    RAISE EXCEPTION 'staff take part in no study'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_stand_apart';
  END IF;
  IF NEW.at < (SELECT max(c.at) FROM research.consents c
               WHERE c.participant_id = NEW.participant_id) THEN
    RAISE EXCEPTION 'consent acts follow one another in time'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_order';
  END IF;
  RETURN NEW;
END $$;
"""

_TAKE_CONSENT_BEFORE = """
CREATE OR REPLACE FUNCTION research.take_consent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE research.participants SET changed_at = NEW.at
    WHERE id = NEW.participant_id AND state <> 'erased';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'an erased participant takes no consent'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'participant_erased';
  END IF;
  IF NEW.at < (SELECT max(c.at) FROM research.consents c
               WHERE c.participant_id = NEW.participant_id) THEN
    RAISE EXCEPTION 'consent acts follow one another in time'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_order';
  END IF;
  RETURN NEW;
END $$;
"""

_KEYS_BEFORE = """
ALTER TABLE research.questions
  DROP CONSTRAINT pk_questions,
  ADD CONSTRAINT pk_questions PRIMARY KEY (id);
ALTER TABLE research.pulls
  DROP CONSTRAINT pk_pulls,
  DROP CONSTRAINT fk_pulls_study_id_dataset_id_datasets,
  DROP CONSTRAINT fk_pulls_study_id_request_id_release_requests,
  ADD CONSTRAINT pk_pulls PRIMARY KEY (id),
  ADD CONSTRAINT fk_pulls_dataset_id_datasets
    FOREIGN KEY (dataset_id) REFERENCES research.datasets,
  ADD CONSTRAINT fk_pulls_request_id_release_requests
    FOREIGN KEY (request_id) REFERENCES research.release_requests;
DROP INDEX research.ix_pulls_study_id_dataset_id_id;
CREATE INDEX ix_pulls_dataset_id_id ON research.pulls (dataset_id, id);
ALTER TABLE research.pulls DROP study_id;
ALTER TABLE research.deliveries
  DROP CONSTRAINT pk_deliveries,
  ADD CONSTRAINT pk_deliveries PRIMARY KEY (event_id, participant_id, kind);
ALTER TABLE research.deliveries DROP study_id;
DROP INDEX research.ix_texts_study_id_participant_id_id;
ALTER TABLE research.texts
  DROP CONSTRAINT pk_texts,
  ADD CONSTRAINT pk_texts PRIMARY KEY (id),
  ADD CONSTRAINT uq_texts_participant_id_post_id UNIQUE (participant_id, post_id);
"""


def upgrade() -> None:
    for part in (_QUESTIONS, _TEXTS, _DELIVERIES, _PULLS, _TAKE_CONSENT):
        op.get_bind().exec_driver_sql(part)


def downgrade() -> None:
    for part in (_TAKE_CONSENT_BEFORE, _KEYS_BEFORE):
        op.get_bind().exec_driver_sql(part)
