"""Every table of every package, so that migrations see them all."""

from app.community import models as community_models
from app.core import models as core_models
from app.identity import models as identity_models
from app.identity import pseudonyms
from app.moderation import hours_models
from app.moderation import models as moderation_models
from app.research import activity_models, dataset_models, question_models, release_models
from app.research import models as research_models

__all__ = [
    "activity_models",
    "community_models",
    "core_models",
    "dataset_models",
    "hours_models",
    "identity_models",
    "moderation_models",
    "pseudonyms",
    "question_models",
    "release_models",
    "research_models",
]
