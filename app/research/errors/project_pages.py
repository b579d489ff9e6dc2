"""What can go wrong with the public page of a project."""

from app.core.errors import ConflictError, NotFoundError


class ProjectPageChangedError(ConflictError):
    """Somebody has written a newer version of the project page since it was opened."""

    type = "project-page-changed"
    title = "There is a newer version of this page"

    def __init__(self, newest: int) -> None:
        super().__init__(
            f"Version {newest} was written meanwhile. What you typed is still here: read the "
            "newest, take over what belongs in it, then save again.",
            newest=newest,
        )


class ProjectNotFoundError(NotFoundError):
    """No study with this id that says something in public."""

    title = "We can't find that project"
    default_detail = "It may not have told anything yet, or the link may be wrong."
