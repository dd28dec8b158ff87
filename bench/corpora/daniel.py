"""DAniEL: news of 2011-12 in Chinese, English, Greek, Polish, Russian.

Source: rundimeco/waddle; its repository is GPL-3.0: figures only, never training data. The gold
of 95 % of the pages begins with the headline.
"""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

from bench.corpora.case import Case, read_text, stored

_PARAGRAPH = re.compile(r"</?p\b[^>\n]{0,80}>|\n", re.IGNORECASE)


def load(root: Path) -> Iterator[Case]:
    """Yield the pages in the order of their names, day first; they come without a URL."""
    folder = root / "daniel"
    path = folder / "doc_lg.json"
    languages = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    for name in sorted(languages):
        page = stored(folder / "html" / name)
        reference = stored(folder / "reference" / name)
        if page is not None and reference is not None:
            day, host, digest = name.split("_", 2)
            yield Case(
                corpus="daniel",
                id=f"{day}_{host}_{digest[:8]}",
                url=None,
                path=page,
                domain=host.removeprefix("www."),
                gold=gold_text(read_text(reference)),
                page_type="article",
                language=languages[name],
                standfirst_in_gold=True,
                headline_in_gold=True,
            )


def gold_text(reference: str) -> str:
    r"""Take the paragraphs of a reference file, joined by blank lines.

    >>> gold_text("<p>A &amp; B</p>\n<p>C</p>\n")
    'A & B\n\nC'
    """
    parts = (html.unescape(part).strip() for part in _PARAGRAPH.split(reference))
    return "\n\n".join(part for part in parts if part)
