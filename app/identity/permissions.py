"""What an account may do beyond what every member may: `area:resource:act`, alphabetical."""

from enum import StrEnum


class Permission(StrEnum):
    """One act, or acts that are always given together. Each has its line in README.md."""

    IDENTITY_STAFF_APPOINT = "identity:staff:appoint"
    IDENTITY_STAFF_READ = "identity:staff:read"

    MODERATION_CASES_DECIDE = "moderation:cases:decide"
    MODERATION_CASES_READ = "moderation:cases:read"
    MODERATION_HOURS_EDIT = "moderation:hours:edit"
    MODERATION_LOG_READ = "moderation:log:read"

    PROGRAMME_GROUPS_EDIT = "programme:groups:edit"

    RESEARCH_CONTACT_ANSWER = "research:contact:answer"
    RESEARCH_DATASETS_DOWNLOAD = "research:datasets:download"
    RESEARCH_DATASETS_FREEZE = "research:datasets:freeze"
    RESEARCH_DATASETS_READ = "research:datasets:read"
    RESEARCH_EDITIONS_READ = "research:editions:read"
    RESEARCH_EDITIONS_WRITE = "research:editions:write"
    RESEARCH_INSTRUMENTS_LICENSE = "research:instruments:license"
    RESEARCH_INSTRUMENTS_READ = "research:instruments:read"
    RESEARCH_PLANS_SIGN = "research:plans:sign"
    RESEARCH_QUESTIONS_ASK = "research:questions:ask"
    RESEARCH_RELEASES_DECIDE = "research:releases:decide"
    RESEARCH_RESPONSES_ENTER = "research:responses:enter"
    RESEARCH_REVIEWS_WRITE = "research:reviews:write"
    RESEARCH_STUDIES_READ = "research:studies:read"
    RESEARCH_STUDIES_RUN = "research:studies:run"
