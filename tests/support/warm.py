"""What a server process does before its first answer, done once in the process that all are forked
from: its modules are imported, its routes made, the site's files read."""

import gc

from app import serve
from tests.support.settings import settings_for

# Nothing is opened: the database is one that nobody asks.
serve.configuration(settings_for("postgresql://nobody@/nothing")).load()
# What is here now is never garbage. A fork that looks through it for some copies it, page by page.
gc.collect()
gc.freeze()
