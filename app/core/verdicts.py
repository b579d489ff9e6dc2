"""The answer of a policy: yes, or no with the reason in a sentence for the person who asked."""

from dataclasses import dataclass

from app.core.errors import ProblemError


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether something may be done, and if not, why not and what to do."""

    why_not: str | None = None

    @property
    def is_allowed(self) -> bool:
        return self.why_not is None

    def __bool__(self) -> bool:
        return self.is_allowed

    def enforce(self, error: type[ProblemError]) -> None:
        """Raise the error with the reason, unless it is allowed."""
        if self.why_not is not None:
            raise error(self.why_not)


YES = Verdict()


def no(why_not: str) -> Verdict:
    """A refusal and its reason."""
    return Verdict(why_not)
