"""What an HTML page is made of that holds all it needs and may load and run nothing."""

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup


class Sheet(NamedTuple):
    """Template, style sheet as it stands in the page, and the policy that allows nothing else."""

    template: "Template"
    style: "Markup"
    policy: str


@cache
def sheet(name: str, more_style: str = "") -> Sheet:
    """Return template and style sheet, with ``more_style``, from the package's ``data/NAME``."""
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415 - only pages need it
    from markupsafe import Markup  # noqa: PLC0415

    folder = resources.files("scraper") / "data" / name
    style = (folder / "page.css").read_text("utf-8") + more_style
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string((folder / "page.html.j2").read_text("utf-8"))
    return Sheet(template, Markup(style), policy)  # noqa: S704 - the package's own file
