"""Every problem has its own type, a title, a status and a sentence that says what to do."""

import pkgutil
from importlib import import_module

import pytest

import app
from app.core.errors import ProblemError

for found in pkgutil.walk_packages(app.__path__, "app."):
    if {"errors", "api"} & set(found.name.split(".")):
        import_module(found.name)


def all_problems(base: type[ProblemError] = ProblemError) -> list[type[ProblemError]]:
    return [base, *(found for child in base.__subclasses__() for found in all_problems(child))]


@pytest.mark.parametrize("problem", all_problems(), ids=lambda problem: problem.__name__)
def test_a_problem_speaks_to_the_person(problem: type[ProblemError]) -> None:
    assert problem.__name__.endswith("Error")
    assert problem.type == problem.type.lower()
    assert " " not in problem.type
    assert problem.title
    assert "!" not in problem.title + problem.default_detail
    assert problem.default_detail.endswith(".")
    assert 400 <= problem.status < 600


@pytest.mark.parametrize("problem", all_problems(), ids=lambda problem: problem.__name__)
def test_it_says_what_happened_then_what_to_do_and_nothing_twice(
    problem: type[ProblemError],
) -> None:
    """Title and detail are read one after the other: the first tells, the second goes on."""
    assert not problem.title.startswith("Please"), "that is what to do, not what happened"
    assert not problem.title.endswith(".")
    assert not runs(problem.title) & runs(problem.default_detail)


def runs(words: str, length: int = 3) -> set[tuple[str, ...]]:
    """All runs of three words."""
    found = [word.strip(".,:;?").lower() for word in words.split()]
    return {tuple(found[at : at + length]) for at in range(len(found) - length + 1)}


def test_no_two_problems_share_a_type() -> None:
    own = [problem.type for problem in all_problems() if "type" in vars(problem)]
    assert len(own) == len(set(own))
