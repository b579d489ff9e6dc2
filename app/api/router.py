"""All routes of the API, side by side. The busiest stand first, for they are searched in order."""

from fastapi import APIRouter
from starlette.routing import BaseRoute

from app.api.routes import (
    accounts,
    activities,
    blocks,
    cases,
    datasets,
    development,
    health,
    hours,
    instruments,
    licences,
    live,
    log,
    lost_factors,
    me,
    members,
    my_activity,
    my_data,
    participation,
    passwords,
    posts,
    questions,
    reactions,
    releases,
    reports,
    sanctions,
    second_factor,
    session,
    sheets,
    staff,
    studies,
    threads,
    wall,
)

RESOURCES: tuple[APIRouter, ...] = (
    wall.router,
    threads.router,
    posts.router,
    reactions.router,
    activities.router,
    live.router,
    me.router,
    my_activity.router,
    members.router,
    blocks.router,
    session.router,
    cases.router,
    log.router,
    reports.router,
    sanctions.router,
    hours.router,
    accounts.router,
    passwords.router,
    second_factor.router,
    staff.router,
    lost_factors.router,
    my_data.router,
    studies.router,
    sheets.router,
    participation.router,
    datasets.router,
    questions.router,
    instruments.router,
    licences.router,
    releases.router,
    health.router,
    development.router,
)


def routes() -> list[BaseRoute]:
    """Every route, to be put into the application as it is."""
    return [route for router in RESOURCES for route in router.routes]
