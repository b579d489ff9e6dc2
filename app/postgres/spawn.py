"""Becomes another user, ties itself to its parent's life, then becomes the program.

Run by path as `python -I -S spawn.py SIGNAL PARENT UID GID PROGRAM...`, on the standard library
alone: a hook between fork and exec inside a threaded parent could deadlock, and a change of user
clears the parent-death signal, so both are done here, in this order. -1 keeps the user.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Never returns: exec or exit."""
    death_signal, parent, uid, gid = (int(argument) for argument in sys.argv[1:5])
    program = sys.argv[5:]
    try:
        if uid >= 0:
            os.setgroups([])
            os.setgid(gid)
            os.setuid(uid)
    except OSError as problem:
        sys.exit(f"this machine does not let root become another user ({problem.strerror})")
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
        if os.getppid() != parent:
            sys.exit("the process that asked for it is gone")
    os.umask(0o077)
    try:
        os.execv(program[0], program)  # noqa: S606 - becoming that program is the whole point
    except OSError as problem:
        sys.exit(f"{program[0]} cannot be run ({problem.strerror})")


if __name__ == "__main__":
    main()
