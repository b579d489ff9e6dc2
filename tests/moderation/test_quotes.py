"""What quotes a hidden text is covered, wherever it stands."""

import re
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.community import passages, repeated_quotes
from app.community.choices import COVERED_NOTE
from app.core import text
from tests.moderation.factories import case_about
from tests.people import People, SignedIn, id_of
from tests.support.html import what_is_wrong

HARM = "Take twenty of them at once, then wait in the dark."
NIGHT = "昨日の夜、二十錠まとめて飲んでから、暗いところで待っていた"
SAID = "A moderator has hidden what is quoted here"


async def body(reader: SignedIn, post_id: object) -> str:
    return str((await reader.get(f"/posts/{post_id}"))["body_html"])


async def hide(post_id: UUID | str, sky: SignedIn, sam: SignedIn) -> str:
    case_id = await case_about(post_id, sky, sam)
    assert (await sam.decide(case_id, "hide")).status_code == 201
    return case_id


async def test_hiding_a_reply_covers_its_quotes_and_nothing_else(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    root = id_of(await rowan.publish())
    harm = id_of(await rowan.reply(root, HARM))
    quoting = id_of(await sky.reply(harm, f"> {HARM}\n\nPlease talk to someone.\n\n> A hard day."))
    plain = id_of(await sky.reply(harm, "> A hard day.\n\nI hear you."))
    assert "twenty of them" in await body(rowan, quoting)
    await hide(harm, sky, sam)
    for reader in (rowan, sky, sam):
        shown = await body(reader, quoting)
        assert "twenty of them" not in shown
        assert SAID in shown
        assert "Please talk to someone." in shown
        assert "A hard day." in shown, "another quote stays"
        assert SAID not in await body(reader, plain)
    thread = await rowan.get(f"/threads/{root}")
    assert "twenty of them" not in str(thread["replies"]["items"][-2]["body_html"])
    found = await sky.get("/search", q="twenty")
    assert found["items"] == []
    assert len((await sky.get("/search", q="talk"))["items"]) == 1
    own = await sky.get(f"/posts/{quoting}")
    assert HARM in own["body_source"], "whoever wrote it keeps the source, to edit it"


async def test_beside_a_covered_quote_words_of_every_length_and_script_are_found(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    harm = id_of(await rowan.reply(id_of(await rowan.publish()), HARM))
    own = "достопримечательностями café can't **caf**és 語"
    id_of(await sky.reply(harm, f"> {HARM}\n\n{own}"))
    await hide(harm, sky, sam)
    for word in ("достопримечательностями", "cafe", "cant", "cafés", "語"):
        assert len((await sky.get("/search", q=word))["items"]) == 1, word
    assert (await sky.get("/search", q="twenty"))["items"] == []


async def test_restoring_it_uncovers_them(
    people: People, rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    harm = id_of(await rowan.reply(id_of(await rowan.publish()), HARM))
    quoting = id_of(await sky.reply(harm, f"> {HARM}\n\nNo."))
    before = await body(rowan, quoting)
    await hide(harm, sky, sam)
    assert await body(rowan, quoting) != before
    again = await case_about(harm, sam, await people.moderator("Ash"), is_claimed=False)
    ash = await people.moderator("Robin")
    assert (await ash.claim(again)).status_code == 200
    assert (await ash.decide(again, "restore")).status_code == 201
    assert await body(rowan, quoting) == before
    assert len((await sky.get("/search", q="twenty"))["items"]) == 2


async def test_who_quotes_it_later_or_by_an_edit_is_covered_too(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    root = id_of(await rowan.publish())
    harm = id_of(await rowan.reply(root, HARM))
    await rowan.edit(harm, "Never mind.")
    await hide(harm, sky, sam)
    later = await sky.post(f"/posts/{root}/replies", body=f"> {HARM}\n\nI saw this.")
    assert later.status_code == 201
    assert SAID in later.json()["body_html"], "the text as it was before an edit counts"
    assert SAID in await body(rowan, later.json()["id"])
    plain = id_of(await sky.reply(root, "I saw something."))
    await sky.edit(plain, f"I saw this:\n\n> {HARM}")
    assert SAID in await body(rowan, plain)
    await sky.edit(plain, "I saw something.")
    assert await body(rowan, plain) == '<p dir="auto">I saw something.</p>'


@pytest.mark.parametrize(
    ("source", "is_covered"),
    [
        (f"> {HARM}", True),
        (f"> {HARM.upper()}", True),
        ("> … of them at once, then wait …", True),
        ("> **Take** twenty *of* them", True),
        (f"> > {HARM}\n>\n> I disagree.", True),
        (f"- one\n- two\n\n  > {HARM}", True),
        (HARM, False),
        ("> Take care of them.", False),
        ("> …", False),
    ],
)
def test_a_quote_is_known_by_a_run_of_its_words(source: str, is_covered: bool) -> None:
    (shown,) = repeated_quotes.covered([text.render(source)], [f"<p>{HARM}</p>"])
    assert (shown is not None) == is_covered
    if shown is not None:
        assert "twenty" not in shown.lower()


@pytest.mark.parametrize(
    ("hidden", "quote", "is_covered"),
    [
        (NIGHT, "二十錠まとめて飲んで", True),
        (NIGHT, "もう一度だけ", False),
        (NIGHT, "昨日の夜は眠れなかった、でも今日は外を歩いて、少し楽になりました", False),
        ("ผมกินยายี่สิบเม็ดพร้อมกันแล้วรอ", "กินยายี่สิบเม็ดพร้อมกัน", True),
        ("At the café by the river I took all of them", "at the cafe by the river", True),
        ("At the café by the river I took all of them", "At the **caf**é by the ri*v*er", True),
        ("She didn't wait and I don’t know why", "she didnt wait and I dont know", True),
        ("Short one", "It was a short one, they said", True),
        ("Short one", "It was a long one, they said", False),
    ],
)
def test_a_quote_is_known_in_every_script_and_however_it_is_written(
    hidden: str, quote: str, is_covered: bool
) -> None:
    known = [text.render(hidden), text.render("Something else was hidden as well.")]
    (shown,) = repeated_quotes.covered([text.render(f"> {quote}")], known)
    assert (shown is not None) == is_covered


def test_texts_are_covered_in_portions_as_they_are_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = [HARM, "A hard day.", "twenty of them at once, then", NIGHT, "I hear you.", HARM]
    texts = [text.render(f"> {one}\n\nI saw this.") for one in said]
    hidden = [text.render(HARM), text.render(NIGHT)]
    at_once = repeated_quotes.covered(texts, hidden)
    assert [shown is not None for shown in at_once] == [True, False, True, True, False, True]
    monkeypatch.setattr(repeated_quotes, "PORTION", 150)
    assert repeated_quotes.covered(texts, hidden) == at_once


@pytest.mark.parametrize("pasted", [f"```\n{HARM}\n```", f"~~~\n{HARM}\n~~~\n\nNo."])
async def test_what_is_pasted_as_code_is_covered_too(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn, pasted: str
) -> None:
    root = id_of(await rowan.publish())
    harm = id_of(await rowan.reply(root, HARM))
    quoting = id_of(await sky.reply(root, pasted))
    other = id_of(await sky.reply(root, "```\nmy own words in a row\n```"))
    await hide(harm, sky, sam)
    assert "twenty of them" not in await body(rowan, quoting)
    assert SAID in await body(rowan, quoting)
    assert "my own words" in await body(rowan, other)
    assert (await sky.get("/search", q="twenty"))["items"] == []


@pytest.mark.parametrize(
    ("source", "left"),
    [
        (f'He said "{HARM}" - why say that?', "He said &quot;…&quot; - why say that?"),
        (f"“{HARM}” no", "“…” no"),
        (f"he wrote '{HARM}' and I can't", "he wrote '…' and I can't"),
        (f"„{HARM}“ nein, »{HARM}« x", "„…“ nein, »…« x"),
        (f"« {HARM} » non", "«…» non"),
        (f"Look: `{HARM}` ok", "Look: … ok"),
        (f"- “{HARM}”\n- mine", "“…” mine"),
        (f'open "{HARM}\n\nmine', "open &quot;… mine"),
        ('"Take **twenty of them at once", then** stay', "&quot;…&quot;, then stay"),
        ("the 'boys' room take twenty of them at once' yes", "the '…' yes"),
        (f"「{NIGHT[:16]}」と読んだ", "「…」と読んだ"),
        ('"So?"—take twenty of them at once—"No."', None),
        ('I "take" twenty of them at once "now"', None),
        ("I can't take twenty of them at once, it's bad", None),
        ('Don\'t "wait in the dark" please, `at once`', None),
        ("「暗いところ」にいた", None),
    ],
)
def test_a_passage_in_quotation_marks_or_code_is_covered_and_nothing_beside_it(
    source: str, left: str | None
) -> None:
    (shown,) = repeated_quotes.covered(
        [text.render(source)], [text.render(HARM), text.render(NIGHT)]
    )
    if shown is None or left is None:
        assert shown is left
        return
    assert what_is_wrong(shown) == []
    plain = " ".join(re.sub("<[^>]*>", "", shown.replace(passages.COVER, "…")).split())
    assert plain == left


def test_a_short_hidden_text_covers_no_passage() -> None:
    texts = [text.render('I feel "so down" and `so down`'), text.render("> so down")]
    shown = repeated_quotes.covered(texts, [text.render("so down")])
    assert [one is not None for one in shown] == [False, True]


_WORDS = ["take", "twenty", "of", "them", "at", "once", "mine"]


@given(st.lists(st.sampled_from([*_WORDS, *_WORDS, *"\"'“”‘’«»*`", "**", "</p>"]), max_size=40))
def test_however_marks_stand_what_is_left_is_whole(pieces: list[str]) -> None:
    typed = " ".join(pieces).replace("</p>", "\n\n").replace("“ ", "“").replace(" ”", "”")
    html = text.render(typed)
    (shown,) = repeated_quotes.covered([html], ["<p>take twenty of them at once</p>"])
    if shown is not None:
        assert what_is_wrong(shown) == []
        assert html.count("</p>") == shown.count("</p>")


async def test_what_is_quoted_within_a_sentence_is_covered_before_and_after(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    root = id_of(await rowan.publish())
    harm = id_of(await rowan.reply(root, HARM))
    said = f'"{HARM}" - why say that?'
    before = id_of(await sky.reply(root, said))
    await hide(harm, sky, sam)
    after = id_of(await sky.reply(root, said))
    for reply in (before, after):
        shown = await body(rowan, reply)
        assert "twenty" not in shown
        assert SAID in shown
        assert "why say that?" in shown
    assert (await sky.get("/search", q="twenty"))["items"] == []
    assert len((await sky.get("/search", q="why say"))["items"]) == 2


NOTE = "twenty of them at once, then wait"


async def note(reader: SignedIn, post_id: object) -> Any:
    return (await reader.get(f"/posts/{post_id}"))["note"]


async def test_a_content_note_that_repeats_it_is_covered_but_to_its_author(
    people: People, rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    root = id_of(await rowan.publish())
    harm = id_of(await rowan.reply(root, HARM))
    noted = await sky.post(f"/posts/{root}/replies", body="Please no.", note={"about": NOTE})
    other = await sky.post(f"/posts/{root}/replies", body="No.", note={"about": "twenty of them"})
    reply, harmless = noted.json()["id"], other.json()["id"]
    case_id = await hide(harm, sky, sam)
    covered = {"about": COVERED_NOTE, "by": "author"}
    assert await note(rowan, reply) == await note(sam, reply) == covered
    assert (await note(sky, reply))["about"] == NOTE
    assert (await note(rowan, harmless))["about"] == "twenty of them"
    thread = await rowan.get(f"/threads/{root}")
    assert [one["note"] for one in thread["replies"]["items"] if one["id"] == reply] == [covered]
    assert [one["id"] for one in (await sky.get("/search", q="twenty"))["items"]] == [harmless]
    assert NOTE not in str((await rowan.get("/me/notifications"))["items"])
    later = await sky.post(f"/posts/{root}/replies", body="Again.", note={"about": NOTE})
    assert await note(rowan, later.json()["id"]) == covered
    edited = await sky.client.put(f"/api/v1/posts/{reply}", json={"body": "Please no."})
    assert edited.status_code == 200
    assert await note(rowan, reply) is None
    again = await case_about(harm, sam, await people.moderator("Ash"), is_claimed=False)
    robin = await people.moderator("Robin")
    assert again != case_id
    assert (await robin.claim(again)).status_code == 200
    assert (await robin.decide(again, "restore")).status_code == 201
    assert (await note(rowan, later.json()["id"]))["about"] == NOTE


async def test_a_note_by_a_moderator_is_covered_by_nothing_and_their_own_comes_back_covered(
    people: People, rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    root = id_of(await rowan.publish())
    harm = id_of(await rowan.reply(root, HARM))
    noted = await sky.post(f"/posts/{root}/replies", body="Please no.", note={"about": NOTE})
    reply = UUID(noted.json()["id"])
    await hide(harm, sky, sam)
    case_id = await case_about(reply, rowan, sam)
    assert (await sam.decide(case_id, "fold", note_about="self-harm")).status_code == 201
    assert (await note(rowan, reply)) == {"about": "self-harm", "by": "moderator"}
    again = await case_about(reply, sam, await people.moderator("Ash"), is_claimed=False)
    robin = await people.moderator("Robin")
    assert (await robin.claim(again)).status_code == 200
    assert (await robin.decide(again, "restore")).status_code == 201
    assert (await note(rowan, reply)) == {"about": COVERED_NOTE, "by": "author"}


async def test_what_is_hidden_itself_is_not_covered_by_its_own_words(
    rowan: SignedIn, sky: SignedIn, sam: SignedIn
) -> None:
    root = id_of(await rowan.publish())
    harm = id_of(await rowan.reply(root, f'"{HARM}"'))
    await hide(harm, sky, sam)
    assert "twenty of them" in await body(rowan, harm)
