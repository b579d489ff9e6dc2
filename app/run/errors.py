"""Why Alongside does not start."""


class StartError(Exception):
    """One sentence of what is wrong and what to do; shown as it is, without a traceback."""
