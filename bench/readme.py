"""Write the README's tables of figures from the results of bench.quality, speed and metadata."""

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "bench" / "results"
UNSEEN = ("wcxb", "fundus", "trafilatura", "promo")
"""Corpora that the model was trained on: there ours is read by networks that have not seen the site
of the page."""

SYSTEMS = ("ours", "trafilatura", "readability-lxml", "resiliparse")
METADATA = ("ours", "trafilatura", "newspaper4k")
CORPORA = ("fundus", "wcxb", "trafilatura")
METADATA_HEAD = (
    "fundus / WCXB / trafilatura set",
    "title exact",
    "authors F1",
    "date right",
    "date wrong",
)
BEGIN, END = "<!-- figures: python -m bench.readme -->", "<!-- end of figures -->"
HEAD = (
    "system",
    "WCXB articles",
    "WCXB all types",
    "fundus news",
    "trafilatura set",
    "DAniEL, 5 languages",
    "pages without promo",
    "CPU",
)


def row(system: str, quality: dict[str, Any], speed: dict[str, Any]) -> list[str]:
    """Return one system's figures: F1 in %, clean pages in %, CPU as a ratio to trafilatura."""
    of = {
        corpus: systems["ours-unseen" if system == "ours" and corpus in UNSEEN else system]
        for corpus, systems in quality["corpora"].items()
    }
    shares = [
        of["wcxb"]["groups"]["article"]["words"]["f1"],
        of["wcxb"]["words"]["f1"],
        of["fundus"]["words"]["f1"],
        of["trafilatura"]["segments"]["f1"],
        of["daniel"]["words"]["f1"],
        of["promo"]["promo"]["clean"],
    ]
    ratio = speed["corpora"]["fundus"][system]["ratio_median"]
    name = "**scraper**" if system == "ours" else f"{system} {quality['versions'][system]}"
    return [name, *(f"{100 * share:.1f}" for share in shares), f"{ratio:.2f}"]


def table(quality: dict[str, Any], speed: dict[str, Any]) -> str:
    """Return the Markdown table."""
    rows = [list(HEAD), ["---"] * len(HEAD), *(row(name, quality, speed) for name in SYSTEMS)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in rows)


def metadata_row(system: str, metadata: dict[str, Any]) -> list[str]:
    """Return one system's metadata figures in %, each for three corpora."""
    of = [metadata["corpora"][corpus][system] for corpus in CORPORA]
    columns = (
        [one["title"]["exact"] for one in of],
        [one["authors"]["f1"] for one in of],
        [one["date"]["accuracy"] for one in of],
        [one["date"]["wrong"] for one in of],
    )
    name = "**scraper**" if system == "ours" else f"{system} {metadata['versions'][system]}"
    return [name, *(" / ".join(f"{100 * share:.1f}" for share in column) for column in columns)]


def metadata_table(metadata: dict[str, Any]) -> str:
    """Return the Markdown table of the metadata."""
    head = [list(METADATA_HEAD), ["---"] * len(METADATA_HEAD)]
    rows = [*head, *(metadata_row(name, metadata) for name in METADATA)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in rows)


def main() -> None:
    """Replace what stands between the markers of README.md."""
    quality, speed, metadata = (
        json.loads((RESULTS / f"{name}.json").read_text("utf-8"))
        for name in ("quality", "speed", "metadata")
    )
    readme = ROOT / "README.md"
    text = readme.read_text("utf-8")
    figures = f"{BEGIN}\n{table(quality, speed)}\n\n{metadata_table(metadata)}\n{END}"
    pattern = re.escape(BEGIN) + ".*?" + re.escape(END)
    readme.write_text(re.sub(pattern, lambda _: figures, text, flags=re.DOTALL), "utf-8")


if __name__ == "__main__":
    main()
