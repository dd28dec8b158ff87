"""Writes a trained model as the package ships it: weights, vocabularies, facts."""

import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from train.fitting import Fitted
from train.network import TYPES

BEGIN, END = "<!-- figures -->", "<!-- /figures -->"

_EPOCH = (1980, 1, 1, 0, 0, 0)  # of every member: the same weights are the same bytes


def export(fitted: Fitted, folder: Path, facts: dict[str, Any]) -> None:
    """Write ``weights.npz`` (half precision), ``names.txt``, ``cues.txt`` and ``model.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_arrays(folder / "weights.npz", arrays_of(fitted))
    _write_lines(folder / "names.txt", fitted.vocabulary.names)
    _write_lines(folder / "cues.txt", fitted.vocabulary.cues)
    stored = {"types": list(TYPES), **facts}
    (folder / "model.json").write_text(json.dumps(stored, indent=1) + "\n", "utf-8")


def write_card(card: Path, figures: str, fitted: Fitted) -> None:
    """Put the figures and the sizes between the markers of the model card, where there is one."""
    if not card.is_file():
        return
    sizes = ", ".join(
        f"{name} {(card.parent / name).stat().st_size // 1024:,} KiB"
        for name in ("weights.npz", "names.txt", "cues.txt")
    )
    names, cues = len(fitted.vocabulary.names), len(fitted.vocabulary.cues)
    told = f"{figures}\n\nTokens of names: {names:,}; cues: {cues:,}. Size: {sizes}."
    text = card.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    card.write_text(f"{before}{BEGIN}\n{told}\n{END}{after}", "utf-8")


def arrays_of(fitted: Fitted) -> dict[str, npt.NDArray[np.float16]]:
    """Return the arrays that ``scraper.cleaner.model`` reads: weights turned to rows in."""
    state = {name: value.numpy() for name, value in fitted.network.state_dict().items()}
    arrays = {}
    for name, value in state.items():
        if name in ("names.weight", "cues.weight"):
            arrays[name.removesuffix(".weight")] = value
        elif value.ndim == 3:  # a convolution: out x in x taps
            arrays[name] = value.transpose(2, 1, 0)
        else:
            arrays[name] = value.T
    scales = fitted.scales
    arrays["mean"], arrays["scale"] = scales.mean.numpy(), 1 / scales.deviation.numpy()
    arrays["page.mean"] = scales.page_mean.numpy()
    arrays["page.scale"] = 1 / scales.page_deviation.numpy()
    exact = ("mean", "scale", "page.mean", "page.scale")
    return {
        name: np.ascontiguousarray(value, np.float32 if name in exact else np.float16)
        for name, value in sorted(arrays.items())
    }


def _write_arrays(path: Path, arrays: dict[str, npt.NDArray[Any]]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in arrays.items():
            buffer = io.BytesIO()
            np.save(buffer, value, allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", _EPOCH), buffer.getvalue(), 8)


def _write_lines(path: Path, tokens: Sequence[str] | dict[str, int]) -> None:
    path.write_text("".join(f"{token}\n" for token in tokens), "utf-8")
