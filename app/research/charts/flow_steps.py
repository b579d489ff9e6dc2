"""The steps of a flow of participants, before it is drawn. Light: editions are composed with it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FlowStep:
    """A box of the flow, and who left on the way to it."""

    title: str
    people: str
    #: What else is told of these people, a line each.
    details: tuple[str, ...] = ()
    #: The box beside the arrow: its title, then a line each; or nothing.
    left: tuple[str, ...] = ()
