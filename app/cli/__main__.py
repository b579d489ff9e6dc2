"""`python -m app.cli`, which .venv/bin/alongside calls. A process that it starts to work beside it
imports this too, and must not begin anew."""

from app.cli import main

if __name__ == "__main__":
    main()
