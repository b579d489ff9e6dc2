"""Everyone who reacts to events, in one list."""

from app.community import subscribers as community
from app.core.events import Subscriber
from app.jobs.texts import text_of_post
from app.research import subscribers as research

SUBSCRIBERS: tuple[Subscriber, ...] = (
    community.SUBSCRIBER,
    research.ACTIVITY,
    research.ACCOUNTS,
    research.text_subscriber(text_of_post),
)
