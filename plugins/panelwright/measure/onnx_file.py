"""Writes the decoder's forward pass over one prompt as an ONNX graph, operation by operation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from panelwright.measure.decoder import Array, Config, Weights, rotations


class _Graph:
    """Collects nodes and constants; every call gives the name of its result."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: dict[str, Array] = {}

    def constant(self, numbers: Any, dtype: Any = np.float32) -> str:
        name = f"c{len(self.constants)}"
        self.constants[name] = np.asarray(numbers, dtype)
        return name

    def do(self, kind: str, *inputs: str, outputs: int = 1, **attributes: Any) -> Any:
        from onnx import helper

        names = [f"n{len(self.nodes)}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, **attributes))
        return names[0] if outputs == 1 else names


def write_onnx(path: Path, config: Config, weights: Weights, time: int) -> None:
    """One row of ``time`` tokens ("tokens", int64) to the logits after the last ("logits")."""
    from onnx import TensorProto, helper, numpy_helper, save

    g, c = _Graph(), config
    cos, sin = (g.constant(table[:time][None, None, :, :, None]) for table in rotations(config))
    scale = g.constant(c.head**-0.5)
    mask = g.constant(np.triu(np.full((time, time), -1e9), 1))
    epsilon, two = g.constant(c.epsilon), g.constant(2.0)
    last = g.constant([-1], np.int64)
    group = c.heads // c.kv_heads

    def weight(name: str, turned: bool = True) -> str:
        return g.constant(weights[name].T if turned else weights[name])

    def norm(x: str, name: str) -> str:
        mean = g.do("ReduceMean", g.do("Pow", x, two), last, keepdims=1)
        root = g.do("Sqrt", g.do("Add", mean, epsilon))
        return str(g.do("Mul", g.do("Div", x, root), weight(name, turned=False)))

    def heads(x: str, name: str, count: int) -> str:
        split = g.do("Reshape", g.do("MatMul", x, weight(name)), g.constant([1, time, count, c.head], np.int64))
        return str(g.do("Transpose", split, perm=[0, 2, 1, 3]))

    def turn(x: str, count: int) -> str:
        pairs = g.do("Reshape", x, g.constant([1, count, time, c.head // 2, 2], np.int64))
        even, odd = g.do("Split", pairs, outputs=2, axis=-1, num_outputs=2)
        one = g.do("Sub", g.do("Mul", even, cos), g.do("Mul", odd, sin))
        two_ = g.do("Add", g.do("Mul", even, sin), g.do("Mul", odd, cos))
        return str(g.do("Reshape", g.do("Concat", one, two_, axis=-1), g.constant([1, count, time, c.head], np.int64)))

    def repeat(x: str) -> str:
        apart = g.do("Unsqueeze", x, g.constant([2], np.int64))
        wide = g.do("Expand", apart, g.constant([1, c.kv_heads, group, time, c.head], np.int64))
        return str(g.do("Reshape", wide, g.constant([1, c.heads, time, c.head], np.int64)))

    table = g.constant(weights["token_embd.weight"])
    x = g.do("Gather", table, "tokens")
    for i in range(c.layers):
        at = f"blk.{i}."
        h = norm(x, at + "attn_norm.weight")
        q = turn(heads(h, at + "attn_q.weight", c.heads), c.heads)
        k = repeat(turn(heads(h, at + "attn_k.weight", c.kv_heads), c.kv_heads))
        v = repeat(heads(h, at + "attn_v.weight", c.kv_heads))
        scores = g.do("Mul", g.do("MatMul", q, g.do("Transpose", k, perm=[0, 1, 3, 2])), scale)
        mixed = g.do("MatMul", g.do("Softmax", g.do("Add", scores, mask), axis=-1), v)
        joined = g.do("Reshape", g.do("Transpose", mixed, perm=[0, 2, 1, 3]), g.constant([1, time, c.width], np.int64))
        x = g.do("Add", x, g.do("MatMul", joined, weight(at + "attn_output.weight")))
        h = norm(x, at + "ffn_norm.weight")
        gate = g.do("MatMul", h, weight(at + "ffn_gate.weight"))
        gated = g.do("Mul", g.do("Mul", gate, g.do("Sigmoid", gate)), g.do("MatMul", h, weight(at + "ffn_up.weight")))
        x = g.do("Add", x, g.do("MatMul", gated, weight(at + "ffn_down.weight")))
    end = norm(g.do("Gather", x, g.constant(time - 1, np.int64), axis=1), "output_norm.weight")
    # a tied table is stored once: Gemm multiplies with it turned
    out = weights.get("output.weight")
    g.nodes.append(helper.make_node("Gemm", [end, table if out is None else g.constant(out)], ["logits"], transB=1))
    graph = helper.make_graph(
        g.nodes, "decoder",
        [helper.make_tensor_value_info("tokens", TensorProto.INT64, [1, time])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, c.vocabulary])],
        [numpy_helper.from_array(np.array(v, order="C"), k) for k, v in g.constants.items()],
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    save(model, path)
