"""What a request tells about where it comes from, and the letterbox that answers by mail."""

from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Annotated, Final

from fastapi import Depends, Request

from app.core.encryption import Encryption
from app.identity.letters import Letterbox

#: The first sign found in the User-Agent names it; order matters: all call themselves Mozilla.
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "a Mac"),
    ("CrOS", "a Chromebook"),
    ("Linux", "Linux"),
)


async def network(request: Request) -> str:
    """The caller's network as limits count it: an IPv4 address, or a /64 of IPv6, which one
    household can walk through freely."""
    host = request.client.host if request.client else "unknown"
    try:
        address = ip_address(host)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or IPv6Network((int(address) >> 64 << 64, 64)))
    return str(address)


async def network_key(request: Request) -> str:
    """The same under a keyed hash, as limits store it: there are few enough networks to try all."""
    encryption: Encryption = request.app.state.encryption
    return encryption.lookup(await network(request)).hex()


async def browser(request: Request) -> str:
    """Browser and system in a few words, for people to know their own sign-ins by. Nothing more
    of the User-Agent is kept: its versions tell people apart."""
    agent = request.headers.get("user-agent", "")
    name = next((word for sign, word in _BROWSERS if sign in agent), "A browser")
    system = next((word for sign, word in _SYSTEMS if sign in agent), None)
    return f"{name} on {system}" if system else name


async def letterbox(request: Request) -> Letterbox:
    """What letters are sealed with, and where their links lead."""
    state = request.app.state
    return Letterbox(state.encryption, state.settings.server.origin)


Network = Annotated[str, Depends(network_key)]
AppLetterbox = Annotated[Letterbox, Depends(letterbox)]
