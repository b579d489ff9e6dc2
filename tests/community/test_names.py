"""What may stand in a name, which names are too much alike, and the mark of who acts for us."""

import unicodedata
from collections import defaultdict

import pytest
from fastapi import FastAPI
from homoglyph.data import load_prototypes

from app.community import members, names
from app.community.errors import BadNameError, NameTakenError
from app.core import confusables
from app.core.db import AnyConnection, Database, unit_of_work
from app.identity import staff
from app.identity.roles import Role
from tests.people import SignedIn, signed_in

SPEAKING_FOR_US = [
    *("Sam at Alongs\u0456de", "M\u043ederator", "Someone who has Ieft", "Administrators"),
    *("Safeguarding", "ADMlN", "Adrnin", "AdmIn Kim", "\u00c0dmin", "\U0001f150dmin", "Moderator1"),
    *("M0derat0rs", "Safe guarding", "A d m i n", "SamAdmin", "The staff room", "Mod Sam", "H0st"),
    *("Support Team", "st4ff", "\u0430dm\u0456n", "\u1d0doderator", "ad\u200dmin", "Help"),
    *("Sys admin", "\u13b7oderator", "\U0001d54atαff", "Team Alongside's", "Samaritans", "Ad-min"),
    *("$taff", "Adm!n Kim", "Mod!", "Someone who left", "Community Manager", "m0d3r4t0r"),
    *("\u039coderator", "\u041dost", "S\u0422AFF", "\u0422h\u0435 \u0422eam", "\u054fTAFF"),
    *("s\u03c4aff", "\u041c\u041eD\u0415RAT\u041eR", "sta\u017ff", "adm\u00a1n", "Our team"),
    *(
        "Deleted member",
        "Somebody who has left",
        "Automod",
        "\u043c\u043e\u0434\u0435\u0440\u0430\u0442\u043e\u0440",
    ),
    *("4dmin", "5taff", "5afeguarding", "4dmin1", "THEMODERATOR", "alongsideteam", "TheAdmins"),
    *("the support team", "Администраторы", "moderadora", "H O S T", "m o d", "modteam"),
    *(
        "модераторы",
        "адміністратор",
        "SAMADMIN",
        "moderatorsam",
        "theadmin",
        "thestaff",
        "M.o.d",
        "管理员",
    ),
    *("Crisis Line UK", "Samaritans UK", "The Samaritans", "Someone who's left", "[removed]"),
    *("Someone has left", "Someone that left", "Deleted account"),
    *("Crisis Team", "adm\u0131n", "Researcher", "0fficial", "m\u0323oderator", "The Advisers"),
]
ORDINARY = [
    *("Adminah", "Modest", "Modesty", "Staffan", "Stafford", "Ghost", "Modou", "Badminton Joy"),
    *("Hostile Kitten", "Mo D", "Team Rocket", "Good Samaritan", "Helping Hand", "Alongsider"),
    *("Along the river", "Side by side", "Commodore", "Modern Girl", "Mad Min", "Supporter"),
    *("Ann-Marie O'Neil", "Admiral", "Teamwork", "Systematic", "Ian", "Zoë", "李雷", "Мария"),
    *(
        "Дмитрий",
        "محمد",
        "שרה",
        "J Edgar",
        "Doctor Who",
        "Theodora",
        "Falstaff",
        "Adminah",
        "Team Hope",
        "The Crow",
        "Realist",
        "Headstrong",
        "Groupie",
        "7 of 9",
        "Mum of two",
        "Leeds 1984",
        "Help me!",
        "Left behind",
        "Supporting Kit",
        "Μαρία",
        "Γιώργος",
        "Ольга",
        "Татьяна Мод",
        "Արամ",
    ),
]


@pytest.mark.parametrize("name", SPEAKING_FOR_US)
def test_a_name_that_speaks_for_us_is_refused_in_whatever_letters(name: str) -> None:
    with pytest.raises(BadNameError):
        names.clean(name)


@pytest.mark.parametrize("word", [word for word in names.RESERVED if word.isascii()])
def test_no_letter_that_looks_like_another_lets_a_reserved_word_through(word: str) -> None:
    alike = defaultdict(list)
    for code, prototype in load_prototypes().items():
        if unicodedata.category(chr(code))[0] == "L":
            alike[prototype].append(chr(code))
    for written in (word, word.upper(), word.capitalize()):
        for at, letter in enumerate(written):
            for other in alike[confusables.skeleton(letter)]:
                with pytest.raises(BadNameError):
                    names.clean(written[:at] + other + written[at + 1 :])


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_name_is_taken_as_it_is(name: str) -> None:
    assert names.clean(name) == name


@pytest.mark.parametrize("name", ["Moderator", "Someone who has Ieft", "Support", "Safe guarding"])
def test_nobody_is_called_by_a_reserved_word_alone(name: str) -> None:
    with pytest.raises(BadNameError):
        names.clean(name, speaks_for_us=True)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        *((name, name) for name in ("\U0001f3f3\ufe0f\u200d\U0001f308 Al", "می\u200cخواهم")),
        *(
            (name, name)
            for name in ("1\ufe0f\u20e3 Fan", "\U0001f469\U0001f3fd\u200d\U0001f680 May")
        ),
        *((name, name) for name in ("श्रीमान्\u200cको", "ශ්\u200dරී", "\u908a\U000e0104\u7530")),
        ("\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f Siân",) * 2,
        ("Al\u200dan", "Alan"),
        ("Al\u200c\u200can", "Alan"),
        ("Jo\u200d\U0001f308", "Jo\U0001f308"),
        ("می\u200c\u200cخواهم\u200c", "می\u200cخواهم"),
        ("ᠮᠣᠩᠭᠣᠯ ᠤ\u200dᠨ", "ᠮᠣᠩᠭᠣᠯ ᠤ\u200dᠨ"),
        ("ᠣᠷᠤᠰ\u180eᠠ", "ᠣᠷᠤᠰ\u180eᠠ"),
        ("Row\u180ean\u180b", "Rowan"),
        ("Rowan\ufe0f\U000e0067", "Rowan"),
    ],
)
def test_joiners_stay_where_they_mean_something(name: str, shown: str) -> None:
    assert names.clean(name) == shown
    assert names.clean(shown) == shown


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("Rowan", "R\u043ewan"), ("Ian", "lan"), ("Carney", "Camey"), ("Bob", "b0b")),
        *(("می\u200cخواهم", "میخواهم"), ("Sam Hill", "Sam HiII"), ("rowan", "ROW\u0410N")),
    ],
)
async def test_names_that_look_alike_are_not_both_had(app: FastAPI, one: str, other: str) -> None:
    async with (await signed_in(app, one)).client, (await signed_in(app, "Sky")).client as client:
        with pytest.raises(NameTakenError):
            await signed_in(app, other)
        refused = await client.patch("/api/v1/me", json={"display_name": other})
        assert (refused.status_code, refused.json()["type"]) == (409, "name-taken")


@pytest.mark.parametrize(
    ("one", "other"), [("Ian", "Lan"), ("Neil", "Nell"), ("Zoë", "Zoe"), ("Ali", "Alf")]
)
async def test_names_that_differ_to_the_eye_are_both_had(
    app: FastAPI, one: str, other: str
) -> None:
    for name in (one, other):
        await (await signed_in(app, name)).client.aclose()


async def test_a_look_is_free_again_once_its_member_has_another_or_has_left(
    app: FastAPI, database: Database, rowan: SignedIn, sky: SignedIn
) -> None:
    async with unit_of_work(database) as session:
        await members.change(session, rowan.member_id, display_name="Fern")
    await (await signed_in(app, "R\u043ewan")).client.aclose()
    async with unit_of_work(database) as session:
        await members.leave(session, sky.member_id)
    await (await signed_in(app, "\u0405ky")).client.aclose()


async def test_who_has_a_name_keeps_it_when_saving_the_rest(
    database: Database, rowan: SignedIn, connection: AnyConnection
) -> None:
    await connection.execute(
        "UPDATE community.members SET display_name = 'Mod Rowan', display_key = 'mod rowan',"
        " look = NULL, folded_look = NULL WHERE id = %s",
        (rowan.member_id,),
    )
    body = {"display_name": "Mod Rowan", "about": "I like moss."}
    saved = await rowan.client.patch("/api/v1/me", json=body)
    assert saved.status_code == 200
    assert (saved.json()["display_name"], saved.json()["about"]) == ("Mod Rowan", "I like moss.")


async def test_who_acts_for_us_is_marked_on_all_they_write_and_only_while_they_do(
    database: Database, rowan: SignedIn, moderator: SignedIn
) -> None:
    post = await moderator.publish("Good morning.")
    reply = await moderator.reply(post)
    plain = await rowan.reply(post)
    assert [each["author"]["staff_role"] for each in (post, reply, plain)] == [
        *("moderator", "moderator"),
        None,
    ]
    async with unit_of_work(database) as session:
        await staff.grant(
            session,
            account_id=moderator.account_id,
            role=Role.SAFEGUARDING,
            reason="A test.",
            granter_id=None,
        )
    thread = await rowan.get(f"/threads/{post['id']}")
    assert thread["post"]["author"]["staff_role"] == "safeguarding"
    found = [each["author"]["staff_role"] for each in thread["replies"]["items"]]
    assert found == ["safeguarding", None]
    wall = await rowan.get("/wall")
    assert wall["items"][0]["author"]["staff_role"] == "safeguarding"
    member = await rowan.get(f"/members/{moderator.member_id}")
    assert member["staff_role"] == "safeguarding"
    for role in (Role.SAFEGUARDING, Role.MODERATOR):
        async with unit_of_work(database) as session:
            await staff.take_back(
                session,
                account_id=moderator.account_id,
                role=role,
                reason="A test.",
                granter_id=None,
            )
    assert (await rowan.get("/wall"))["items"][0]["author"]["staff_role"] is None


async def test_nobody_sets_their_own_mark(rowan: SignedIn) -> None:
    refused = await rowan.client.patch("/api/v1/me", json={"staff_role": "moderator"})
    assert refused.status_code == 422
    post = await rowan.client.post(
        "/api/v1/posts", json={"body": "Hello.", "staff_role": "moderator"}
    )
    assert post.status_code == 422
