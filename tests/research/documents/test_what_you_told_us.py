"""“What you told us” is easy to read, tells people of ten, and says where nobody knows."""

import re
import tomllib
from collections.abc import Iterator
from html import escape
from typing import Any

import pytest

from app.core import help_lines
from app.research.documents import html, typst_pdf
from app.research.documents.document import Document, FigureSources, Lines, Picture, walk
from app.research.documents.edition_kinds import EditionKind
from app.research.documents.editions import fixed_words, told_words, what_you_told_us
from app.research.instruments import catalogue
from tests.research.documents import told_material as told
from tests.research.documents.easy_words import MOST_WORDS, faults, of_document, sentences

KIND = EditionKind.WHAT_YOU_TOLD_US


def composed(*args: Any, **named: Any) -> Document:
    material = told.material(KIND, *args, **named)
    return what_you_told_us.compose(material, told.showing(material))


def _strings(words: Any) -> Iterator[str]:
    if isinstance(words, str):
        yield words
    elif isinstance(words, dict):
        for one in words.values():
            yield from _strings(one)
    else:
        for one in words:
            yield from _strings(one)


def test_every_fixed_sentence_is_easy() -> None:
    file = fixed_words.FOLDER / "what_you_told_us.toml"
    said = list(_strings(tomllib.loads(file.read_text("utf-8"))))
    assert len(said) > 100
    hard = {one: faults(one) for text in said for one in sentences(text) if faults(one)}
    assert hard == {}


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("It went up by 40%.", "%"),
        ("The average went up.", "“average”"),
        (" ".join(["word"] * (MOST_WORDS + 1)), f"{MOST_WORDS + 1} words"),
    ],
)
def test_a_hard_sentence_is_noticed(sentence: str, fault: str) -> None:
    assert faults(sentence) == [fault]


@pytest.mark.parametrize("found", [told.everything(), []], ids=["everything", "nothing"])
def test_a_whole_edition_is_easy(found: list[Any]) -> None:
    said = list(of_document(composed(found)))
    assert {one: faults(one) for one in said if faults(one)} == {}
    assert len(said) > 30


def test_people_are_told_of_ten_with_a_picture() -> None:
    document = composed(told.everything())
    pictures = {
        "".join(span.text for span in block.spans): block
        for block in walk(document.blocks)
        if isinstance(block, Picture)
    }
    came = pictures["About 5 in 10 people came to a group."]
    assert came.alternative == "A picture of 10 people. 5 of them are filled in."
    assert len(re.findall('<circle [^>]*fill="#', came.svg)) == 5
    assert came.svg.count("<circle") == 10
    assert "Nearly everyone got an answer from someone in the community." in pictures
    assert "About 8 in 10 people felt safe." in pictures
    assert "About 7 in 10 people who began answered our last questions." in pictures


def test_one_and_none_of_ten() -> None:
    few = told.results(reach=[told.share("agreed", 900, 900), told.share("came", 10, 900)])
    (none,) = [one for one in composed(few).blocks if isinstance(one, Picture)]
    assert none.spans[0].text == "Fewer than 1 in 10 people"
    assert none.alternative == "A picture of 10 people. None of them is filled in."
    few = told.results(reach=[told.share("agreed", 900, 900), told.share("came", 90, 900)])
    (one,) = [one for one in composed(few).blocks if isinstance(one, Picture)]
    assert one.alternative == "A picture of 10 people. 1 of them is filled in."


def test_which_way_people_went_and_where_nobody_can_tell() -> None:
    said = list(of_document(composed(told.everything())))
    for sentence in (
        "Taken together, people were happier with their lives.",
        "Taken together, people felt more anxious.",
        "Taken together, people had happier days, by a little.",
        "We can’t tell if anything changed with feeling low.",
        "We can’t say anything about how much people worry.",
        "We can’t tell if anything changed with feeling alone or left out.",
        "Some numbers are about a few people only.",
    ):
        assert sentence in said
    assert not [one for one in said if "support_given" in one]


def test_what_is_held_back_says_so_and_is_told_nowhere() -> None:
    found = told.results(
        reach=[told.share("agreed", None, None), told.share("came", None, 500)],
        six_values=told.values(high=None)[2:] + told.values()[:2],
    )
    said = list(of_document(composed(found)))
    assert "We can’t say how many people took part." in said
    assert "How many people felt safe?" in said
    assert said.count("We can’t say.") == len(told.VALUES)
    assert "This keeps people safe." in said


def test_where_all_is_held_back_it_is_said_once() -> None:
    """A page that says six times that it can't say is hard to read on a hard day."""
    held = [told.estimate(f"{name}_2_change", None) for name in ("phq9_total", "gad7_total")]
    said = list(
        of_document(composed(told.results(six_values=told.values(high=None), outcome_change=held)))
    )
    assert said.count("We can’t say how many people said so.") == 1
    assert "How many people felt safe?" not in said
    assert said.count("We can’t say how people felt.") == 1
    assert not [one for one in said if one.startswith("We can’t say anything about")]
    assert "This keeps people safe." in said
    assert not [one for one in said if "in 10" in one]


def test_why_is_asked_only_where_something_changed() -> None:
    unclear = told.results(outcome_change=[told.estimate("phq9_total_2_change", 0.1, 0.5)])
    said = list(of_document(composed(unclear)))
    assert "We can’t tell if anything changed with feeling low." in said
    assert "For some people it may have been different." in said
    assert "We do not know why." not in said
    assert "We do not know why." in list(of_document(composed(told.everything())))


def test_only_harms_that_enough_people_named_are_listed() -> None:
    document = composed(told.everything())
    said = list(of_document(document))
    assert "About 2 in 10 people said that something upset or hurt them." in said
    assert "They felt left out." in said
    assert "They were upset by what they heard or read." not in said
    (sources,) = [one for one in document.blocks if isinstance(one, FigureSources)]
    names = [one.figure for one in sources.items]
    assert "adverse_experiences.adverse_kind_2_2" in names
    assert "adverse_experiences.adverse_kind_3_2" not in names


def test_every_score_that_can_get_better_has_easy_words() -> None:
    asked = {
        score.name
        for one in catalogue.shipped().newest()
        for score in one.scores
        if one.name not in ("adverse", "services", "values", "support")
    }
    # The sum from which another score is made says nothing that this one doesn't.
    assert set(told_words.words().scores) == asked - {"swemwbs_raw"}


def test_help_lines_and_lines_to_write_on_are_in_it() -> None:
    document = composed()
    said = " ".join(of_document(document))
    page = html.html(document)
    for line in help_lines.ALL:
        assert line.act in said
        assert f'<a href="{escape(line.address)}"' in page, "one touch on a telephone"
    assert [one for one in document.blocks if isinstance(one, Lines)]


def test_how_to_answer() -> None:
    assert "They can pass it on to us." in list(of_document(composed()))
    contact = list(of_document(composed(contact="Write to team@example.org")))
    assert "Write to team@example.org" in contact
    assert "They can pass it on to us." not in contact
    written = composed(texts={"say": "Come on Monday.", "learned": "It helps.", "next": "Tea."})
    said = list(of_document(written))
    assert {"Come on Monday.", "What we learned", "It helps.", "Tea."} <= set(said)
    assert "They can pass it on to us." not in said


def test_it_is_set_as_page_and_as_tagged_pdf() -> None:
    document = composed(told.everything())
    page = html.html(document)
    assert 'class="chart picture"' in page
    assert 'aria-label="A picture of 10 people. 5 of them are filled in."' in page
    pdf = typst_pdf.pdf(document)
    assert b"pdfuaid" in pdf


def test_a_value_that_was_not_asked_has_no_sentence() -> None:
    one = [part for part in told.values() if part["name"].startswith("values_safety")]
    said = list(of_document(composed(told.results(six_values=one))))
    assert "About 8 in 10 people felt safe." in said
    assert not [one for one in said if "be themselves" in one]
