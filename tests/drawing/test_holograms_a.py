"""Holograms of the pages on training, inference and the pipeline, and the reader of flow diagrams."""

from __future__ import annotations

import pytest

from panelwright.drawing.diagram import Diagram, read_diagram
from panelwright.script.model import Item, Scene, Span

HERE = Span("storyboard.md", 1, 1)
LOOP = (
    "Training Dataset flows into Forward Pass (blue glowing box)",
    "Forward Pass outputs Predicted Insights",
    "Predicted Insights + Ground Truth Labels feed into Loss Computation (gear icon)",
    "Loss Computation feeds into Backward Pass (blue glowing box)",
    'Backward Pass updates the AI Network (brain icon with "Weights Updated" label)',
    "AI Network loops back to Forward Pass",
)
INFERENCE = (
    'Training Dataset + AI Network (with "Weights Frozen" label) feed into Forward Pass',
    "Forward Pass outputs Predicted Insights",
    "No backward pass, no loss computation",
)


def scene(*items: str, text: str = "", quoted: tuple[str, ...] = ()) -> Scene:
    return Scene(text, HERE, quoted, tuple(Item(t, HERE, number=i + 1) for i, t in enumerate(items)))


def arrows(diagram: Diagram) -> list[tuple[str, str]]:
    return [(diagram.node(e.start).text, diagram.node(e.end).text) for e in diagram.edges]


def test_the_training_loop_is_read_word_for_word() -> None:
    diagram = read_diagram(scene(*LOOP))
    assert [n.text for n in diagram.nodes] == [
        "Training Dataset", "Forward Pass", "Predicted Insights", "Ground Truth Labels", "Loss Computation",
        "Backward Pass", "AI Network",
    ]  # fmt: skip
    assert arrows(diagram) == [
        ("Training Dataset", "Forward Pass"), ("Forward Pass", "Predicted Insights"),
        ("Predicted Insights", "Loss Computation"), ("Ground Truth Labels", "Loss Computation"),
        ("Loss Computation", "Backward Pass"), ("Backward Pass", "AI Network"), ("AI Network", "Forward Pass"),
    ]  # fmt: skip
    network = diagram.node("ai-network")
    assert (network.icon, network.label) == ("brain", "Weights Updated")
    assert diagram.node("forward-pass").icon == "box"
    assert diagram.node("forward-pass").colour == "blue"
    assert diagram.node("loss-computation").icon == "gear"
    assert [e.verb for e in diagram.edges][-2:] == ["updates", "loops back to"]


def test_the_loop_of_a_diagram_starts_at_its_first_named_node() -> None:
    diagram = read_diagram(scene(*LOOP))
    assert diagram.cycle == (
        "forward-pass", "predicted-insights", "loss-computation", "backward-pass", "ai-network",
    )  # fmt: skip


def test_inference_has_no_loop_and_says_what_is_absent() -> None:
    diagram = read_diagram(scene(*INFERENCE))
    assert diagram.cycle == ()
    assert diagram.absent == ("backward pass", "loss computation")
    assert diagram.node("ai-network").label == "Weights Frozen"
    assert diagram.ranks == {"training-dataset": 0, "ai-network": 0, "forward-pass": 1, "predicted-insights": 2}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Text → Tokens → Ids", [("Text", "Tokens"), ("Tokens", "Ids")]),
        ("A, B and C feed into D", [("A", "D"), ("B", "D"), ("C", "D")]),
        ("Model Outputs feed into Loss", [("Model Outputs", "Loss")]),
        ("Loss (feeds into nothing) updates the Weights", [("Loss", "Weights")]),
        ("A glowing cube turns slowly", []),
    ],
)
def test_sentences(sentence: str, expected: list[tuple[str, str]]) -> None:
    assert arrows(read_diagram(scene(sentence))) == expected


def test_a_scene_without_a_list_has_an_empty_diagram() -> None:
    assert not read_diagram(None)
    assert not read_diagram(scene(text="A loop."))
