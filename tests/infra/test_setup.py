"""Set-up does what is missing, once, and says in one sentence what it cannot do."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.infra.support import ROOT
from tools import apt, check, chromium, client, environment, statistics_programs, steps
from tools.steps import SetUpError

FIND = ROOT / "tools" / "find-python.sh"


def fake(folder: Path, name: str, *, version: str, able: bool, whole: bool, pip: bool) -> None:
    """A program that answers like a Python of that kind."""
    program = folder / name
    program.write_text(
        "#!/bin/sh\n"
        'case "$*" in\n'
        f"  *version_info?:2*) echo {version} ;;\n"
        f"  *'import ensurepip'*) exit {int(not whole)} ;;\n"
        f"  *'import sys, venv'*) exit {int(not able)} ;;\n"
        f"  *pip*) exit {int(not pip)} ;;\n"
        "esac\n"
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


def find(folder: Path) -> subprocess.CompletedProcess[str]:
    """What is found when this folder is all there is."""
    return subprocess.run(
        ["/bin/sh", FIND], env={"PATH": str(folder)}, capture_output=True, text=True
    )


def test_a_python_that_is_too_old_is_named(tmp_path: Path) -> None:
    fake(tmp_path, "python3", version="3.9", able=False, whole=True, pip=True)
    done = find(tmp_path)
    assert done.returncode == 1
    assert "needs Python 3.11 or newer and found python3 (3.9)" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_no_python_at_all_is_said(tmp_path: Path) -> None:
    assert "found none: install one" in find(tmp_path).stderr


def test_a_newer_python_beside_an_old_one_is_taken(tmp_path: Path) -> None:
    fake(tmp_path, "python3", version="3.9", able=False, whole=True, pip=True)
    fake(tmp_path, "python3.13", version="3.13", able=True, whole=True, pip=True)
    assert find(tmp_path).stdout.strip() == str(tmp_path / "python3.13")


def test_without_ensurepip_pip_will_do_and_without_both_the_package_is_named(
    tmp_path: Path,
) -> None:
    fake(tmp_path, "python3", version="3.11", able=True, whole=False, pip=True)
    assert find(tmp_path).stdout.strip() == str(tmp_path / "python3")
    fake(tmp_path, "python3", version="3.11", able=True, whole=False, pip=False)
    done = find(tmp_path)
    assert done.returncode == 1
    assert "apt-get install python3-venv" in done.stderr


def test_a_step_is_done_again_only_when_its_key_or_its_goal_is_gone(tmp_path: Path) -> None:
    goal, stamp = tmp_path / "goal", tmp_path / "stamps" / "goal"
    assert steps.once(stamp, "one", goal, goal.touch)
    assert not steps.once(stamp, "one", goal, goal.touch)
    assert steps.once(stamp, "two", goal, goal.touch)
    goal.unlink()
    assert steps.once(stamp, "two", goal, goal.touch)


def test_a_step_that_fails_is_done_again_next_time(tmp_path: Path) -> None:
    goal, stamp = tmp_path / "goal", tmp_path / "stamp"
    steps.once(stamp, "one", goal, goal.touch)

    def fail() -> None:
        raise SetUpError("no network")

    with pytest.raises(SetUpError):
        steps.once(stamp, "two", goal, fail)
    assert steps.once(stamp, "one", goal, goal.touch)


def test_a_failing_program_is_shown_and_named(capsys: pytest.CaptureFixture[str]) -> None:
    program = [sys.executable, "-c", "import sys; sys.exit('the disk is full')"]
    with pytest.raises(SetUpError, match=r"^Packing failed; what it said stands above\.$"):
        steps.run("Packing", program)
    assert "the disk is full" in capsys.readouterr().err


def test_an_empty_home_is_replaced_by_a_folder_that_can_be_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOME", "")
    home = steps.tool_environment()["HOME"]
    assert os.access(home, os.W_OK)


def test_what_python_compiles_is_kept_although_it_may_not_stand_beside_its_source(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(steps, "VAR", tmp_path)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    subprocess.run(
        [sys.executable, "-c", "import tools.steps"],
        cwd=steps.ROOT,
        env=steps.tool_environment(),
        check=True,
    )
    assert [*tmp_path.rglob("tools/steps*.pyc")]


def test_where_pip_looks_is_told_to_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    told = "global.index-url='file:///mirror/simple'\n:env:.cert='/etc/ca.pem'\nglobal.x='y'\n"
    monkeypatch.setattr(
        subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 0, stdout=told)
    )
    assert environment._packages_from() == {
        "UV_DEFAULT_INDEX": "file:///mirror/simple",
        "SSL_CERT_FILE": "/etc/ca.pem",
    }


def test_a_client_that_differs_by_one_file_is_noticed(tmp_path: Path) -> None:
    left, right = tmp_path / "left", tmp_path / "right"
    for folder in (left, right):
        folder.mkdir()
        (folder / "same.ts").write_text("same")
    assert client._differences(left, right) == []
    (left / "new.ts").write_text("new")
    (left / "same.ts").write_text("not the same")
    assert client._differences(left, right) == ["new.ts", "same.ts"]


def test_the_browser_of_the_setting_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(chromium.SETTING, "/opt/browser")
    assert chromium.ensure() == "/opt/browser"


def test_without_a_browser_there_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(chromium.SETTING, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    with pytest.raises(SetUpError, match="apt-get install chromium"):
        chromium.ensure()
    own = tmp_path / "chromium-1200" / "chrome-linux" / "chrome"
    own.parent.mkdir(parents=True)
    own.touch()
    assert chromium.ensure() == str(own)


def test_the_browser_without_a_desktop_goes_before_a_whole_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(chromium.SETTING, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    whole = tmp_path / "chromium"
    playwrights = tmp_path / "chromium_headless_shell-1200" / "linux" / "chrome-headless-shell"
    playwrights.parent.mkdir(parents=True)
    for path in (whole, playwrights, tmp_path / chromium.SHELL):
        path.touch(mode=0o755)
        assert chromium.ensure() == str(path)


def test_without_r_and_pspp_there_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SetUpError, match=r"R with the package haven and PSPP.*r-cran-haven pspp"):
        statistics_programs.ensure()
    for name, answer in (("pspp", 0), ("Rscript", 1)):
        (tmp_path / name).write_text(f"#!/bin/sh\nexit {answer}\n")
        (tmp_path / name).chmod(0o755)
    assert statistics_programs.missing() == ["R with the package haven"]
    (tmp_path / "Rscript").write_text("#!/bin/sh\nexit 0\n")
    statistics_programs.ensure()


def test_what_is_missing_is_installed_where_apt_get_may(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([["PSPP"], []])
    asked: list[str] = []
    monkeypatch.setattr(statistics_programs, "missing", lambda: next(answers))
    monkeypatch.setattr(apt, "is_there", lambda: True)
    monkeypatch.setattr(apt, "_apt_get", lambda *said: asked.append(" ".join(said)))
    statistics_programs.ensure()
    assert asked == ["update", "install -y --no-install-recommends --no-remove pspp"]


def test_an_unknown_stage_is_answered_with_the_known_ones(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["check", "speling"])
    assert check.main() == 2
    assert "There is no stage speling: there are programs, format, lint" in capsys.readouterr().err


def test_what_runs_beside_is_heard_before_the_tests_and_fails_the_whole_by_name(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "__init__.py").touch()
    (tmp_path / "tools" / "check.py").write_text(
        "import sys\nprint('== lint: FAILED in 1 s')\nsys.exit(1)\n"
    )
    stages = (check.Stage("research", lambda: True), check.Stage("tests", lambda: True))
    monkeypatch.setattr(check, "ROOT", tmp_path)
    monkeypatch.setattr(
        check, "STAGES", (*(check.Stage(name, lambda: False) for name in check.BESIDE), *stages)
    )
    monkeypatch.setattr(sys, "argv", ["check"])
    assert check.main() == 1
    out = capfd.readouterr().out
    assert out.endswith("make test: FAILED in lint\n")
    assert out.index("== research") < out.index("== lint: FAILED") < out.index("== tests")


def test_every_stage_beside_is_one_of_the_stages() -> None:
    names = [stage.name for stage in check.STAGES]
    assert set(check.BESIDE) <= set(names)
    assert names[-1] == check.LAST


def test_one_failed_stage_fails_the_whole_and_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stages = (check.Stage("good", lambda: True), check.Stage("bad", lambda: False))
    monkeypatch.setattr(check, "STAGES", stages)
    monkeypatch.setattr(sys, "argv", ["check"])
    assert check.main() == 1
    assert capsys.readouterr().out.endswith("make test: FAILED in bad\n")
