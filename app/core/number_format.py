"""Figures as people read them: the one way in which a number or a share is written here."""


def figure(number: int) -> str:
    """6,531."""
    return f"{number:,}"


def percent(share: float) -> str:
    """A share of one: 76%."""
    return f"{share:.0%}"
