"""Every table of every package, so that migrations see them all."""

from app.community import member_models, notification_models, post_models
from app.core import models as core_models
from app.identity import models as identity_models
from app.identity import pseudonyms
from app.moderation import (
    case_models,
    decision_models,
    hours_models,
    log_models,
    sanction_models,
)
from app.programme import models as programme_models
from app.research import (
    activity_models,
    attendance_models,
    community_closure_models,
    dataset_models,
    edition_models,
    evaluation_models,
    instrument_models,
    outside_models,
    plan_models,
    question_models,
    release_models,
    review_models,
)
from app.research import models as research_models

__all__ = [
    "activity_models",
    "attendance_models",
    "case_models",
    "community_closure_models",
    "core_models",
    "dataset_models",
    "decision_models",
    "edition_models",
    "evaluation_models",
    "hours_models",
    "identity_models",
    "instrument_models",
    "log_models",
    "member_models",
    "notification_models",
    "outside_models",
    "plan_models",
    "post_models",
    "programme_models",
    "pseudonyms",
    "question_models",
    "release_models",
    "research_models",
    "review_models",
    "sanction_models",
]
