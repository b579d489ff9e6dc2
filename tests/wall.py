"""The wall, as the first migration makes it."""

from uuid import UUID

WALL_ID = UUID("00000000-0000-7000-8000-000000000001")
WALL_KEY = f"space:{WALL_ID}"
