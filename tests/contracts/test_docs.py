"""Documentation is tested: every word of the code that others meet has its line somewhere."""

import inspect
import pkgutil
from importlib import import_module
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

import app
from app.core import events, settings
from app.identity.permissions import Permission
from app.main import create_app  # noqa: F401 - loads every route, and so every problem and event
from tests.contracts.test_problems import all_problems
from tools import measures

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = sorted(path.parent for path in (ROOT / "app").glob("*/__init__.py"))

for found in pkgutil.walk_packages(app.__path__, "app."):
    if {"events", "errors"} & set(found.name.split(".")):
        import_module(found.name)


def read(path: Path) -> str:
    return path.read_text("utf-8") if path.is_file() else ""


def home(module: str) -> Path:
    """The README of the package that a module belongs to."""
    return ROOT.joinpath(*module.split(".")[:2], "README.md")


OUR_EVENTS = {kind: one for kind, one in events.registry().items() if one.__module__[:4] == "app."}


@pytest.mark.parametrize("kind", sorted(OUR_EVENTS))
def test_every_event_has_its_line(kind: str) -> None:
    assert f"`{kind}`" in read(home(OUR_EVENTS[kind].__module__))


@pytest.mark.parametrize("permission", sorted(Permission))
def test_every_permission_has_its_line(permission: Permission) -> None:
    assert f"`{permission}`" in read(ROOT / "app" / "identity" / "README.md")


@pytest.mark.parametrize(
    "problem",
    [one for one in all_problems() if "type" in vars(one) and one.__module__.startswith("app.")],
    ids=lambda problem: problem.__name__,
)
def test_every_problem_has_its_line(problem: type) -> None:
    assert f"`{problem.type}`" in read(home(problem.__module__))  # type: ignore[attr-defined]


def names_of_settings() -> list[str]:
    concerns = [
        one
        for _, one in inspect.getmembers(settings, inspect.isclass)
        if issubclass(one, BaseSettings) and one.__module__ == settings.__name__
    ]
    names = []
    for concern in concerns:
        for name, field in concern.model_fields.items():
            alias = field.validation_alias
            choices = [str(choice) for choice in getattr(alias, "choices", [])]
            shown = [choice for choice in choices if choice.isupper()]
            names.append(shown[0] if shown else f"ALONGSIDE_{name.upper()}")
    return sorted(names)


@pytest.mark.parametrize("name", names_of_settings())
def test_every_setting_has_its_line(name: str) -> None:
    assert f"`{name}`" in read(ROOT / "docs" / "operations.md")


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_every_package_has_words_and_rules(package: Path) -> None:
    assert (package / "README.md").is_file()


def test_the_page_of_measures_is_what_is_declared() -> None:
    assert read(measures.PAGE) == measures.page(), "run `python -m tools.measures` and commit it"
