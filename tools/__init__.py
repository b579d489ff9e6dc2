"""Set-up and checks. Standard library only: they run before anything is installed."""
