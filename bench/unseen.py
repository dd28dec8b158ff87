"""Runs scraper on pages that it was trained on, each with a network that has not seen its site.

``make train`` leaves the networks of its cross-validation in a folder, one for each part of the
registrable domains. All else, passes and lexicons, is the product's.
"""

import os
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from scraper.cleaner import choice
from scraper.cleaner.model import Model, load_model, read_model

FOLDER = "SCRAPER_FOLDS"
"""Environment variable that names the folder."""


@cache
def _model(fold: int) -> Model:
    return read_model(Path(os.environ.get(FOLDER, "build/folds")) / str(fold))


def is_there() -> bool:
    """Whether the networks of all folds can be read."""
    from train.pages import FOLDS

    folder = Path(os.environ.get(FOLDER, "build/folds"))
    return all((folder / str(fold) / "model.json").is_file() for fold in range(FOLDS))


def choose_for(url: str | None) -> None:
    """Let scraper read the next page with the network that has not seen the page's site.

    What no fold was trained on, such as daniel's pages, is read by that of its part all the same.
    """
    from train.pages import fold_of

    host = urlsplit(url or "").hostname or ""
    model = _model(fold_of(host))
    choice.load_model = lambda: model


def as_shipped() -> None:
    """Let scraper read with its own network again."""
    choice.load_model = load_model
