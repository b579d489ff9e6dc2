"""`python -m app.cli`, which .venv/bin/alongside calls."""

from app.cli import main

main()
