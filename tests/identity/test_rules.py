"""Pure rules: names, passwords, addresses, roles, what a browser is called."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from starlette.requests import Request

from app.api import client_info
from app.identity import addresses, passwords, policies
from app.identity.errors import (
    AddressError,
    NameGivesAwayError,
    NotAffirmedError,
    PasswordRuleError,
)
from app.identity.permissions import Permission
from app.identity.roles import (
    FAMILY_OF,
    PERMISSIONS_OF,
    STAFF,
    Family,
    Role,
    permissions_of,
)

ADDRESS = addresses.parse("rowan.tree@example.org")


@pytest.mark.parametrize(
    ("name", "is_refused"),
    [
        ("Rowan", False),
        ("Rowan Tree of Life", False),
        ("tree", False),
        ("rowan.tree@example.org", True),
        ("ROWAN.TREE@EXAMPLE.ORG", True),
        ("rowan.tree", True),
        ("Rowan Tree", True),
        ("rowan_tree", True),
        ("someone@else.example.net", True),
        ("write to me: a@b.co", True),
        ("@rowan", False),
    ],
)
def test_a_name_must_not_show_the_address(name: str, is_refused: bool) -> None:
    if is_refused:
        with pytest.raises(NameGivesAwayError) as caught:
            policies.check_display_name(name, ADDRESS)
        assert caught.value.extensions["errors"][0]["pointer"] == "/display_name"
    else:
        policies.check_display_name(name, ADDRESS)


@pytest.mark.parametrize(
    ("password", "is_refused"),
    [
        ("violet harbour tram", False),
        ("alongside-demo", False),
        ("pässwörter auf Reisen", False),
        ("漢字かな交じり文のパスワード", False),
        ("short", True),
        ("         ", True),
        ("aaaaaaaaaaaaaaa", True),
        ("password123", True),
        ("Password2026!", True),
        ("1234567890", True),
        ("rowan.tree@example.org", True),
        ("rowan.tree", True),
        ("nul\x00 inside a password", True),
        ("half a sign \ud800 inside", True),
        ("x" * 200 + "abc", False),
        ("abc" * 100, True),
    ],
)
def test_a_password_others_would_guess_is_refused(password: str, is_refused: bool) -> None:
    if is_refused:
        with pytest.raises(PasswordRuleError):
            passwords.check(password, email=ADDRESS.text)
    else:
        passwords.check(password, email=ADDRESS.text)


async def test_a_password_is_hashed_as_owasp_says_and_typed_on_any_keyboard() -> None:
    stored = await passwords.hash_("cafe\u0301 am Rhein")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await passwords.verify("caf\u00e9 am Rhein", stored)
    assert not await passwords.verify("cafe am Rhein", stored)
    assert not await passwords.verify("anything", None)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Rowan@Example.ORG", "rowan@example.org"),
        ("  rowan@example.org \n", "rowan@example.org"),
        ("rowan+news@example.org", "rowan+news@example.org"),
        ("rowan@mu\u0308nchen.de", "rowan@m\u00fcnchen.de"),
        ("member@demo.test", "member@demo.test"),
    ],
)
def test_an_address_has_one_spelling(typed: str, kept: str) -> None:
    assert addresses.parse(typed).text == kept
    assert addresses.read(typed).text == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "rowan",
        "rowan@",
        "@example.org",
        "a@b",
        "a b@example.org",
        "a\x00@b.org",
        "\ud800@b.org",
    ],
)
def test_what_is_no_address_is_refused_when_joining_and_not_found_when_signing_in(
    typed: str,
) -> None:
    with pytest.raises(AddressError):
        addresses.parse(typed)
    addresses.read(typed).text.encode()


@given(st.emails() | st.text('aB1.-_+%@"[]xn ü', max_size=30))
@example("a@xn--mnchen-3ya.de")
@example("A.b@EXAMPLE.org ")
@settings(max_examples=500)
def test_signing_in_looks_for_the_spelling_that_joining_kept(typed: str) -> None:
    """`read` goes a shorter way than `parse` for most addresses, to the same place."""
    try:
        kept = addresses.parse(typed)
    except AddressError:
        return
    assert addresses.read(typed) == kept


@pytest.mark.parametrize("is_adult", [True, False])
@pytest.mark.parametrize("agrees", [True, False])
def test_joining_takes_both_promises(is_adult: bool, agrees: bool) -> None:
    if is_adult and agrees:
        policies.check_promises(is_adult=is_adult, agrees_to_rules=agrees)
    else:
        with pytest.raises(NotAffirmedError):
            policies.check_promises(is_adult=is_adult, agrees_to_rules=agrees)


def test_no_role_of_one_family_may_what_the_other_may() -> None:
    held = {
        family: permissions_of(frozenset(r for r, f in FAMILY_OF.items() if f is family))
        for family in Family
    }
    assert held[Family.MODERATION].isdisjoint(held[Family.RESEARCH])
    assert {p.split(":")[0] for p in held[Family.MODERATION]} == {"moderation"}
    assert {p.split(":")[0] for p in held[Family.RESEARCH]} == {"research"}
    beside = {
        Permission.MODERATION_HOURS_EDIT,
        Permission.PROGRAMME_GROUPS_EDIT,
        Permission.RESEARCH_INSTRUMENTS_LICENSE,
        Permission.RESEARCH_INSTRUMENTS_READ,
    }
    settings = PERMISSIONS_OF[Role.ADMINISTRATOR] - beside
    assert {p.split(":")[0] for p in settings} == {"identity"}, (
        "hours, groups, licences and no more"
    )


def test_every_permission_is_held_by_some_staff_role_and_named_in_order() -> None:
    assert permissions_of(STAFF | {Role.ADVISER}) == frozenset(Permission)
    assert list(Permission) == sorted(Permission)
    assert set(PERMISSIONS_OF) == set(Role)
    assert {Role.MEMBER, Role.HOST, Role.ADVISER}.isdisjoint(STAFF)


def _request(*, host: str = "203.0.113.9", agent: str = "") -> Request:
    scope: dict[str, Any] = {
        "type": "http",
        "client": (host, 1),
        "headers": [(b"user-agent", agent.encode())],
    }
    return Request(scope)


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("testclient", "unknown"),
    ],
)
async def test_a_household_is_one_network(host: str, counted: str) -> None:
    assert await client_info.network(_request(host=host)) == counted


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0"
            " Mobile/15E148 Safari/604.1",
            "Safari on an iPhone",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36",
            "Chrome on Linux",
        ),
        ("", "A browser"),
        ("curl/8 \xff<script>", "A browser"),
    ],
)
async def test_a_browser_is_known_by_few_words(agent: str, words: str) -> None:
    assert await client_info.browser(_request(agent=agent)) == words
