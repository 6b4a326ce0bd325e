"""What the models are asked and taught with, and a small tokenizer that is trained on it."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence

QUESTIONS = (
    "What is inference?",
    "Why is the sky blue?",
    "Name three planets.",
    "What does a GPU do better than a CPU?",
    "Write one sentence about a lighthouse.",
    "Explain what a neural network learns when it is trained.",
    "How many legs does a spider have, and how many does an ant have?",
    "What is the difference between training a model and asking it a question?",
    "Give a recipe for pancakes with flour, milk, eggs and a little salt, for four people.",
    "A train leaves at nine and arrives at noon. It stops twice for five minutes. How long does it move?",
    "Summarise in one sentence: a server that answers many people at once collects their questions into batches, "
    "because reading the weights of the model once for all of them is cheaper than once for each of them.",
    "I have a file with ten thousand lines, and every line is a number. I would like to know the value that "
    "ninety-nine in a hundred of the lines do not exceed. How do I find it, and how sure can I be of it?",
)


class BytePairs:
    """Byte-pair encoding (Sennrich et al. 2016) over bytes: 256 bytes and the commonest neighbours, in turn."""

    def __init__(self, texts: Sequence[str], merges: int) -> None:
        counts = Counter(word for text in texts for word in _words(text))
        words = {word: list(word) for word in counts}
        self.pieces: list[bytes] = [bytes([i]) for i in range(256)]
        self.merges: dict[tuple[int, int], int] = {}
        for _ in range(merges):
            pairs: Counter[tuple[int, int]] = Counter()
            for word, parts in words.items():
                for pair in itertools.pairwise(parts):
                    pairs[pair] += counts[word]
            if not pairs:
                break
            best = max(pairs, key=lambda pair: (pairs[pair], pair))
            self.merges[best] = len(self.pieces)
            self.pieces.append(self.pieces[best[0]] + self.pieces[best[1]])
            words = {word: _merge(parts, best, self.merges[best]) for word, parts in words.items()}

    def encode(self, text: str) -> list[int]:
        out: list[int] = []
        for word in _words(text):
            parts = list(word)
            while len(parts) > 1:
                best = min(itertools.pairwise(parts), key=lambda p: self.merges.get(p, 1 << 30))
                if best not in self.merges:
                    break
                parts = _merge(parts, best, self.merges[best])
            out += parts
        return out

    def decode(self, tokens: Sequence[int]) -> str:
        """Tokens that stand for nothing (a random model invents some) come out as the replacement character."""
        pieces = (self.pieces[t] if t < len(self.pieces) else b"\xef\xbf\xbd" for t in tokens)
        return b"".join(pieces).decode("utf-8", "replace")


def _words(text: str) -> list[bytes]:
    return [word.encode() for word in re.findall(r" ?\w+|\s+|[^\w\s]+", text)]


def _merge(parts: list[int], pair: tuple[int, int], made: int) -> list[int]:
    out: list[int] = []
    for part in parts:
        if out and (out[-1], part) == pair:
            out[-1] = made
        else:
            out.append(part)
    return out
