"""Which tests of a run on several cores stay together: a file, and files that share one demo."""

from xdist.scheduler import LoadFileScheduling

#: The demos they play on cost more than most files; a process of its own makes them anew.
TOGETHER = (
    ("tests/research/attacks/test_joins.py", "tests/research/attacks/test_on_a_demo.py"),
    (
        "tests/demo/test_evaluation.py",
        "tests/demo/test_evaluation_measures.py",
        "tests/demo/test_evaluation_reports.py",
        "tests/demo/test_small_area.py",
    ),
)


class Spread(LoadFileScheduling):  # type: ignore[misc] # xdist brings no types
    """A file at a time, and some files as one."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return next((files[0] for files in TOGETHER if file in files), file)
