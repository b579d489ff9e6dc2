"""The drawing of the flow of participants: every word is in it, and no box stands on another."""

import re
from xml.etree import ElementTree as ET

import pytest

from app.research.charts import drawing
from app.research.charts.flow_steps import FlowStep

STEPS = (
    FlowStep("Joined", "about 325"),
    FlowStep("In this dataset", "520", ("Agreed to a record: 500",), ("Left", "Stopped: 20")),
    FlowStep("Wave 1 <week 1>: handed in", "held back", (), ("Not " + "answered " * 12, "Late: 5")),
)


@pytest.mark.parametrize("is_narrow", [False, True])
def test_each_word_stands_in_a_box_of_its_own_place(is_narrow: bool) -> None:
    drawn = drawing.flow(STEPS, is_narrow=is_narrow)
    assert drawn is not None
    tree = ET.fromstring(drawn)  # noqa: S314 - drawn here
    said = [one.text or "" for one in tree.iter() if one.tag.endswith("text")]
    assert said[:2] == ["Joined", "about 325"]
    assert "Wave 1 <week 1>: handed in" in said
    assert " ".join(said).count("answered") == 12
    boxes = [
        tuple(int(one.attrib[name]) for name in ("x", "y", "width", "height"))
        for one in tree.iter()
        if one.tag.endswith("rect")
    ]
    assert len(boxes) == 5
    width, height = (int(tree.attrib[name]) for name in ("width", "height"))
    assert all(x + wide <= width and y + high <= height for x, y, wide, high in boxes)
    ends = [y + high for _, y, _, high in boxes]
    assert all(box[1] > end for box, end in zip(boxes[1:], ends, strict=False))
    assert len(re.findall("<path", drawn)) == 4, "an arrow to each box but the first"


def test_nobody_is_no_drawing() -> None:
    assert drawing.flow(()) is None
