"""The commands that a person types once: the first administrator, keys, codes, the description."""

import base64
import json
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import OperationalError, ProgrammingError

from app import cli
from app.postgres import running
from app.run.children import Child, run_once
from app.run.start_message import DEMO_PASSWORD, DEMO_ROLES, DEMO_SECOND_FACTOR, words
from app.run.supervisor import RunPlan
from tests.infra.runs import alongside, create_admin, migrate


def test_the_first_administrator_is_made_once_and_by_the_rules(data_dir: Path) -> None:
    data = data_dir.parent
    migrate(data)
    weak = create_admin(data, email="office@example.org", password="1234567890")
    assert (weak.returncode, len(weak.stderr.strip().splitlines())) == (1, 1)
    good = "walnut orbit cardigan"
    made = create_admin(data, email="office@example.org", password=good)
    assert made.returncode == 0, made.stderr
    again = create_admin(data, email="office@example.org", password=good)
    assert "There is an account with this address" in again.stderr
    with running(data_dir) as dsn, psycopg.connect(dsn) as connection:
        held = connection.execute("SELECT role FROM identity.account_roles").fetchall()
        assert held == [("administrator",)]


def test_a_dead_letter_is_handed_over_again(data_dir: Path) -> None:
    data = data_dir.parent
    migrate(data)
    with running(data_dir) as dsn, psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO core.dead_letters (subscriber, event_id, failed_at, error)"
            " VALUES ('community', 7, now(), 'boom')"
        )
    lost = alongside(data, "events", "redeliver")
    assert lost.returncode == 1
    assert "community: 0 delivered, 1 stay dead letters" in lost.stdout
    with running(data_dir) as dsn, psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO core.events (id, type, occurred_at, topics, payload)"
            " OVERRIDING SYSTEM VALUE VALUES (7, 'account.closed', now(), '{}', jsonb_build_object("
            "  'type', 'account.closed', 'account_id', gen_random_uuid(),"
            "  'member_id', gen_random_uuid(), 'erase_study_data', false))"
        )
    taken = alongside(data, "events", "redeliver")
    assert taken.returncode == 0, taken.stderr
    assert "community: 1 delivered, 0 stay dead letters" in taken.stdout
    assert alongside(data, "events", "redeliver").stdout == "There are no dead letters.\n"


def test_a_fresh_secret_is_32_random_bytes(tmp_path: Path) -> None:
    first, second = (alongside(tmp_path, "secret").stdout for _ in range(2))
    assert first != second
    assert len(base64.b64decode(first)) == 32


def test_the_description_needs_no_settings(tmp_path: Path) -> None:
    described = json.loads(alongside(tmp_path, "openapi").stdout)
    assert "/api/v1/wall" in described["paths"]


def test_help_names_every_command(tmp_path: Path) -> None:
    said = alongside(tmp_path, "--help").stdout
    for name in ("serve", "worker", "migrate", "demo", "create-admin", "openapi"):
        assert name in said
    for name in ("backup", "restore", "doctor", "study", "dataset", "export"):
        assert name in said


def test_the_welcome_names_the_sign_ins_of_the_demo() -> None:
    plan = RunPlan(host="0.0.0.0", port=8000, is_demo=True, servers=1)  # noqa: S104 - only words
    said = words(plan.host, plan.port, is_demo=plan.is_demo, has_mail_page=True)
    assert "http://127.0.0.1:8000" in said
    assert DEMO_PASSWORD in said
    assert DEMO_SECOND_FACTOR in said
    assert all(f"{role}@demo.test" in said for role in DEMO_ROLES)
    assert "http://127.0.0.1:8000/development/mail" in said


def test_a_child_that_keeps_ending_is_started_later_each_time() -> None:
    child = Child("server", ["secret", "--no-such-option"], {})
    pauses: list[float] = []
    while len(pauses) < 3:
        news = child.tend()
        if news:
            pauses.append(float(news.split(" in ")[1].split()[0]))
    assert pauses == [0.25, 0.5, 1.0]


def test_a_step_that_is_told_to_stop_is_ended() -> None:
    code = run_once("step", ["worker"], {"ALONGSIDE_DATA_DIR": "/nowhere"}, until=lambda: True)
    assert code != 0


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (psycopg.OperationalError("server closed\nthe connection"), "went away (server closed the"),
        (psycopg.errors.AdminShutdown("shutting down"), "went away (shutting down)"),
        (psycopg.errors.LockNotAvailable("lock timeout"), "could not do it now (lock timeout)"),
    ],
)
@pytest.mark.parametrize("is_wrapped", [False, True], ids=["psycopg", "sqlalchemy"])
def test_a_database_that_fails_in_the_middle_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    fault: psycopg.OperationalError,
    words: str,
    is_wrapped: bool,
) -> None:
    def fail(**_: object) -> None:
        raise OperationalError("SELECT 1", {}, fault) if is_wrapped else fault

    monkeypatch.setattr(cli, "build", lambda command: fail)
    with pytest.raises(SystemExit, match="1"):
        cli.main()
    assert words in capsys.readouterr().err


def test_a_fault_of_ours_is_not_taken_for_the_databases(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise ProgrammingError("SELEC 1", {}, psycopg.errors.SyntaxError("near SELEC"))

    monkeypatch.setattr(cli, "build", lambda command: fail)
    with pytest.raises(ProgrammingError):
        cli.main()
