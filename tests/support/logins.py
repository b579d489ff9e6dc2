"""Three logins on a test's database: owner, servers and research, as a deployment has them."""

from psycopg import conninfo

from app.core.settings import DatabaseSettings

SERVERS = "alongside_servers"
EXPORTS = "alongside_exports"


def as_user(url: str, user: str) -> str:
    """The same database, as someone else."""
    parts = conninfo.conninfo_to_dict(url)
    host = str(parts["host"]).replace("/", "%2F")
    return f"postgresql://{user}:a-password@/{parts['dbname']}?host={host}&port={parts['port']}"


def apart(url: str) -> DatabaseSettings:
    """Settings with a login for each part; `url` is the owner's."""
    return DatabaseSettings.model_validate(
        {
            "url": as_user(url, SERVERS),
            "owner_url": url,
            "research_url": as_user(url, EXPORTS),
        }
    )
