"""What docs/operating.md and its examples tell to type are commands and options that there are."""

import re
from pathlib import Path

import pytest

from scraper.cli import COMMANDS, main

DOCS = Path(__file__).parent.parent / "docs"
TEXTS = [DOCS / "operating.md", *sorted((DOCS / "examples").iterdir())]
NAMES = "|".join(map(re.escape, COMMANDS))
SPOKEN = re.compile(rf"(?:^|[\s`/])scraper ((?:{NAMES}) [^`\n]*)")


def lines():
    """Return the file and the arguments of each command line."""
    texts = [(path.name, path.read_text("utf-8").replace("\\\n", " ")) for path in TEXTS]
    return [(name, said) for name, text in texts for said in SPOKEN.findall(text)]


@pytest.mark.parametrize(("name", "said"), lines())
def test_a_command_line_has_options_that_there_are(name, said):
    given, *words = said.partition("#")[0].split()
    command = main.get_command(None, given)
    known = {option for param in command.params for option in param.opts}
    assert [word for word in words if word.startswith("-") and word not in known] == []


def test_every_example_is_told_of():
    text = (DOCS / "operating.md").read_text("utf-8")
    assert [path.name for path in TEXTS[1:] if f"(examples/{path.name})" not in text] == []
