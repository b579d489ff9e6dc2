"""The demo's sign-ins: every role, on a demo server alone."""

import pytest
from fastapi import FastAPI

from app.core.settings import Settings
from app.demo import sign_ins
from app.demo.sign_ins import NotADemoError
from app.identity.roles import STAFF, Role
from app.main import create_app
from tests.people import code_now, new_client
from tests.support.settings import settings_for


@pytest.fixture
def settings(database_url: str) -> Settings:
    return settings_for(database_url, demo=True)


@pytest.fixture
async def demo(app: FastAPI, settings: Settings) -> FastAPI:
    for _ in range(2):
        await sign_ins.make(app.state.database, settings)
    return app


def words(local_part: str, *, has_code: bool) -> dict[str, str]:
    body = {"email": f"{local_part}@demo.test", "password": "alongside-demo"}
    return {**body, "code": code_now("JBSWY3DPEHPK3PXP")} if has_code else body


async def test_every_role_signs_in_as_the_documentation_says(demo: FastAPI) -> None:
    for local_part, display_name, role in sign_ins.PEOPLE:
        async with new_client(demo) as client:
            body = words(local_part, has_code=role in STAFF)
            answer = await client.post("/api/v1/session", json=body)
            assert answer.status_code == 200, (local_part, answer.text)
            me = answer.json()
            assert me["display_name"] == display_name
            assert role in me["roles"]
            assert bool(me["permissions"]) == (role in STAFF | {Role.ADVISER})


async def test_on_a_server_that_is_no_demo_they_open_nothing(
    demo: FastAPI, database_url: str
) -> None:
    real = create_app(settings_for(database_url))
    async with real.router.lifespan_context(real), new_client(real) as client:
        for local_part in ("member", "admin"):
            body = words(local_part, has_code=local_part == "admin")
            answer = await client.post("/api/v1/session", json=body)
            assert (answer.status_code, answer.json()["type"]) == (401, "wrong-sign-in")


async def test_they_are_not_made_where_it_is_no_demo(app: FastAPI, database_url: str) -> None:
    with pytest.raises(NotADemoError):
        await sign_ins.make(app.state.database, settings_for(database_url))
