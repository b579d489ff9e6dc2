"""The socket that visitors reach, opened before anything else so that a taken port is known first.

The supervisor keeps it open for as long as it lives: while a server is being started again,
visitors wait in its queue and are not refused.
"""

import errno
import ipaddress
import socket

from app.run.errors import StartError

BACKLOG = 2048


def open_listener(host: str, port: int) -> socket.socket:
    """A listening socket that children can inherit."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as problem:
        listener.close()
        raise StartError(_why(host, port, problem)) from problem
    listener.set_inheritable(True)
    return listener


def _why(host: str, port: int, problem: OSError) -> str:
    if problem.errno == errno.EADDRINUSE:
        another = port + 1 if port < 65535 else 0
        return (
            f"Port {port} is taken, perhaps by an Alongside that is already running: "
            f"stop that program, or choose another port with PORT={another}."
        )
    if problem.errno == errno.EACCES:
        return f"Port {port} is only for root: choose one above 1023 with PORT=8000."
    return (
        f"{host} is not an address of this machine ({problem.strerror}): set ALONGSIDE_HOST to "
        "127.0.0.1 for this machine alone, or 0.0.0.0 for all of its addresses."
    )


def within_reach(host: str) -> str:
    """An address of this machine at which a server bound to `host` answers."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if not address.is_unspecified:
        return host
    return "127.0.0.1" if address.version == 4 else "::1"
