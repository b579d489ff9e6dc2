"""Which tests of a run on several cores stay together, and which files are begun first."""

import pytest
from xdist.scheduler import LoadFileScheduling

#: What the files of a group play on costs more than most files; each process makes it anew.
TOGETHER = (
    ("tests/research/attacks/test_joins.py", "tests/research/attacks/test_on_a_demo.py"),
    (
        "tests/demo/test_evaluation.py",
        "tests/demo/test_evaluation_measures.py",
        "tests/demo/test_evaluation_reports.py",
        "tests/demo/test_small_area.py",
    ),
)
#: Twenty seconds of a core and more, the longest first. A long one begun last leaves cores alone.
LONGEST = (
    "tests/infra/test_run.py",
    "tests/browser/test_axe.py",
    "tests/research/attacks/test_joins.py",
    "tests/research/test_outcomes_told.py",
    "tests/demo/test_evaluation.py",
    "tests/browser/test_sanctions.py",
    "tests/browser/test_evaluation_journey.py",
    "tests/browser/test_outage.py",
    "tests/browser/test_story.py",
    "tests/browser/test_keeping.py",
    "tests/identity/test_one_answer.py",
    "tests/browser/test_reports.py",
    "tests/research/test_outside_results.py",
    "tests/research/test_editions.py",
    "tests/browser/test_moderation.py",
    "tests/browser/test_looking_in.py",
    "tests/realtime/test_faults_of_writing.py",
    "tests/realtime/test_live.py",
    "tests/api/test_grid.py",
    "tests/infra/test_logins.py",
    "tests/research/test_states.py",
    "tests/research/protection/test_cliques.py",
    "tests/moderation/test_log.py",
    "tests/infra/test_backups.py",
    "tests/programs/test_statistics_programs.py",
    "tests/demo/test_contaminants.py",
    "tests/research/test_command_sign_in.py",
    "tests/research/test_downloading.py",
    "tests/research/test_story.py",
)


class Spread(LoadFileScheduling):  # type: ignore[misc] # xdist brings no types
    """A file at a time, and some files as one."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return next((group[0] for group in TOGETHER if file in group), file)


def put_longest_first(items: list[pytest.Item]) -> None:
    """The rest stays in the order of its names."""
    places = {file: place for place, file in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.nodeid.split("::")[0], len(places)))
