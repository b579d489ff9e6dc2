"""What `make run` says when the community stands."""

from app.run.listener import within_reach

DEMO_ROLES = (
    "member",
    "host",
    "moderator",
    "safeguarding",
    "adviser",
    "researcher",
    "checker",
    "admin",
)
DEMO_PASSWORD = "alongside-demo"  # noqa: S105 - of synthetic people, on this machine alone
DEMO_SECOND_FACTOR = "JBSWY3DPEHPK3PXP"


def words(host: str, port: int, *, is_demo: bool, has_mail_page: bool) -> str:
    """The address, how to sign in, and where e-mails go."""
    near = within_reach(host)
    name = f"[{near}]" if ":" in near else near
    lines = ["", f"  Alongside is at http://{name}:{port}", ""]
    if is_demo:
        lines += [
            f"  Sign in as {DEMO_ROLES[0]}@demo.test with the password {DEMO_PASSWORD}",
            f"  Others: {', '.join(f'{role}@demo.test' for role in DEMO_ROLES[1:])}",
            f"  Staff need a code: ./alongside code (or an app told {DEMO_SECOND_FACTOR})",
        ]
    else:
        lines += ["  It is empty. Make the first administrator: ./alongside create-admin"]
    if has_mail_page:
        lines += [f"  E-mails are not sent: read them at http://{name}:{port}/development/mail"]
    return "\n".join([*lines, "  Ctrl-C stops it.", ""])
