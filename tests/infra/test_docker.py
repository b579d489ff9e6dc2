"""What can be said of the image and the compose file without an engine to run them."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.cli import MODULES
from tests.contracts.test_docs import names_of_settings
from tests.infra.support import ROOT

COMPOSE = ROOT / "docker" / "compose.yaml"
DOCKERFILE = (ROOT / "docker" / "Dockerfile").read_text()
SERVICES: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())["services"]


def test_the_services_are_those_that_a_community_needs() -> None:
    assert set(SERVICES) == {"database", "migrate", "app", "worker", "mail"}


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_that_stays_has_a_health_check(name: str) -> None:
    check = SERVICES[name]["healthcheck"]
    assert check.get("disable") or check["test"][0] == "CMD"
    assert name == "migrate" or "disable" not in check


@pytest.mark.parametrize("name", SERVICES)
def test_every_command_is_one_of_ours(name: str) -> None:
    command = SERVICES[name].get("command", [])
    assert not command or (command[0] == "alongside" and command[1] in MODULES)


def test_every_setting_of_the_compose_file_exists() -> None:
    told = set(SERVICES["app"]["environment"])
    assert told <= set(names_of_settings()) | {"FORWARDED_ALLOW_IPS"}


def test_all_that_a_deployment_must_set_reaches_the_services() -> None:
    """As docs/operations.md and docker/example.env name it."""
    named = re.findall(
        r"^#?([A-Z_]+)=", (ROOT / "docker" / "example.env").read_text(), re.MULTILINE
    )
    assert "FORWARDED_ALLOW_IPS" in named
    for name in ("app", "worker"):
        environment = SERVICES[name]["environment"]
        told = {*environment, *re.findall(r"\$\{([A-Z_]+)", str(environment))}
        assert set(named) - {"POSTGRES_PASSWORD"} <= told


def test_only_what_migrates_is_told_how_the_owner_of_the_tables_signs_in() -> None:
    for name in ("app", "worker"):
        assert "POSTGRES_PASSWORD" not in str(SERVICES[name]["environment"])
    owner = SERVICES["migrate"]["environment"]["ALONGSIDE_DATABASE_OWNER_URL"]
    assert "${POSTGRES_PASSWORD" in owner
    assert {"DATABASE_URL", "ALONGSIDE_DATABASE_RESEARCH_URL"} <= set(
        SERVICES["migrate"]["environment"]
    )


@pytest.mark.parametrize("name", ["migrate", "app", "worker"])
def test_ours_run_without_powers_on_a_file_system_they_cannot_write(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "USER 10001" in DOCKERFILE


def test_nothing_is_published_beyond_this_machine() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_everything_needed_waits_for_what_it_needs() -> None:
    for service in SERVICES.values():
        for needed, how in service.get("depends_on", {}).items():
            assert needed in SERVICES
            assert how["condition"] in {"service_healthy", "service_completed_successfully"}


def test_every_variable_is_in_the_example() -> None:
    example = (ROOT / "docker" / "example.env").read_text()
    asked = set(re.findall(r"\$\{(\w+)", COMPOSE.read_text()))
    assert asked
    assert all(re.search(rf"^#?{name}=", example, re.MULTILINE) for name in asked)


def test_what_the_image_copies_is_there_and_not_ignored() -> None:
    kept = (ROOT / ".dockerignore").read_text().splitlines()
    sources = re.findall(r"^COPY (?!--from)(\S+) ", DOCKERFILE, re.MULTILINE)
    assert {"app", "migrations", "requirements", "tools", "frontend"} <= set(sources)
    for source in sources:
        assert (ROOT / source).exists()
        assert f"!{source}" in kept


def test_the_image_is_made_of_the_python_that_the_locks_are_for() -> None:
    assert set(re.findall(r"FROM python:(\d+\.\d+)", DOCKERFILE)) == {"3.11"}
    assert "python3.11/site-packages" in DOCKERFILE
    assert Path(ROOT / "requirements" / "main.txt").is_file()
