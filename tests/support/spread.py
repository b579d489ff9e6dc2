"""Which tests of a run on several cores stay together: a file, and files that share one demo."""

from xdist.scheduler import LoadFileScheduling

#: The demo community they play on costs more than most files; a process of its own makes it anew.
TOGETHER = ("tests/research/attacks/test_joins.py", "tests/research/attacks/test_on_a_demo.py")


class Spread(LoadFileScheduling):  # type: ignore[misc] # xdist brings no types
    """A file at a time, and some files as one."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return TOGETHER[0] if file in TOGETHER else file
