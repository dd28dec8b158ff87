"""The systems under comparison, one function each: page bytes and URL to plain text."""

import contextlib
import io
import logging
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import TYPE_CHECKING

from bench.corpora.case import Case, decode

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Extract = Callable[[bytes, str | None], str]

# Elements before and after whose text a line ends; others run inline.
_BLOCKS = frozenset(
    """
    address article aside blockquote br dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5
    h6 header hr li main nav ol p pre section table tbody td tfoot th thead tr ul
    """.split()
)
_UNSEEN = frozenset(("script", "style", "noscript", "template"))


@dataclass(frozen=True, slots=True)
class System:
    """A system of the comparison: what it imports, which distribution it is, how it is called.

    `with_standfirst` is called instead of `extract` where the gold has the standfirst in it.
    """

    name: str
    module: str
    distribution: str
    extract: Extract
    with_standfirst: Extract | None = None

    def text(self, case: Case, html: bytes) -> str:
        """Extract one page's text, in the convention of the case's gold."""
        chosen = case.standfirst_in_gold and self.with_standfirst
        return (chosen or self.extract)(html, case.url)

    @property
    def version(self) -> str:
        """Name the installed version; the empty string where there is no metadata."""
        try:
            return version(self.distribution)
        except PackageNotFoundError:
            return str(getattr(__import__(self.module), "__version__", ""))


def ours(html: bytes, url: str | None) -> str:
    """Extract with scraper."""
    import scraper

    return scraper.extract(html, url).text


def ours_with_standfirst(html: bytes, url: str | None) -> str:
    """Extract with scraper, the subtitle before the text."""
    import scraper

    article = scraper.extract(html, url)
    return "\n\n".join(part for part in (article.subtitle, article.text) if part)


def trafilatura_default(html: bytes, url: str | None) -> str:
    """Extract with trafilatura, without comments: no other system returns any."""
    import trafilatura

    return trafilatura.extract(html, url=url, include_comments=False) or ""


def trafilatura_fast(html: bytes, url: str | None) -> str:
    """Extract with trafilatura without its fallback extractors."""
    import trafilatura

    return trafilatura.extract(html, url=url, include_comments=False, fast=True) or ""


def trafilatura_precision(html: bytes, url: str | None) -> str:
    """Extract with trafilatura's favor_precision."""
    import trafilatura

    return trafilatura.extract(html, url=url, include_comments=False, favor_precision=True) or ""


def readability_lxml(html: bytes, url: str | None) -> str:
    """Extract with readability-lxml, whose HTML is turned into lines of text."""
    import lxml.html
    from readability import Document

    summary = Document(decode(html), url=url).summary(html_partial=True)
    return block_text(lxml.html.fragment_fromstring(summary, create_parent="div"))


def resiliparse(html: bytes, url: str | None) -> str:  # noqa: ARG001  it takes no URL
    """Extract with resiliparse's main content, tuned: no comments, bullets, alt texts, meta."""
    from resiliparse.extract.html2text import extract_plain_text

    return extract_plain_text(
        decode(html),
        main_content=True,
        list_bullets=False,
        alt_texts=False,
        comments=False,
        post_meta=False,
    )


def newspaper4k(html: bytes, url: str | None) -> str:
    """Extract with newspaper4k, kept off the network; its warnings about extras are dropped."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import newspaper

        article = newspaper.Article(url or "http://localhost/", fetch_images=False)
        article.download(input_html=decode(html))
        article.parse()
    return article.text


REGISTRY: dict[str, System] = {
    system.name: system
    for system in (
        System("ours", "scraper", "scraper", ours, ours_with_standfirst),
        System("trafilatura", "trafilatura", "trafilatura", trafilatura_default),
        System("trafilatura-fast", "trafilatura", "trafilatura", trafilatura_fast),
        System("trafilatura-precision", "trafilatura", "trafilatura", trafilatura_precision),
        System("readability-lxml", "readability", "readability-lxml", readability_lxml),
        System("resiliparse", "resiliparse", "resiliparse", resiliparse),
        System("newspaper4k", "newspaper", "newspaper4k", newspaper4k),
    )
}


def missing(system: System) -> str | None:
    """Say why a system cannot run; None where it can."""
    if find_spec(system.module) is None:
        return f"{system.name} skipped: {system.distribution} is not installed"
    if system.name != "ours":
        return None
    try:
        from scraper import extract  # noqa: F401  a half-built package has none
    except ImportError as error:
        return f"ours skipped: {error}"
    return None


def installed(systems: Iterable[System]) -> tuple[list[System], list[str]]:
    """Split systems into those that can run and the reasons why the others cannot."""
    reasons = {system.name: missing(system) for system in systems}
    return (
        [system for system in systems if reasons[system.name] is None],
        [reason for reason in reasons.values() if reason is not None],
    )


def warm_up(system: System) -> None:
    """Run a system once on a tiny page, so that its imports are not counted as a page's time."""
    page = b"<html><body><article>" + b"<p>A sentence of a page, and one more.</p>" * 9
    with contextlib.suppress(Exception), silence():
        system.extract(page, "http://localhost/a")


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """Swallow what a peer prints and logs."""
    logging.disable(logging.CRITICAL)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            yield
    finally:
        logging.disable(logging.NOTSET)


def block_text(root: "HtmlElement") -> str:
    r"""Read an lxml tree as text, one line a block.

    >>> import lxml.html
    >>> block_text(lxml.html.fromstring("<div><p>a <b>b</b></p>c<br>d<ul><li>e</ul></div>"))
    'a b\nc\nd\ne'
    """
    parts: list[str] = []
    _collect(root, parts)
    lines = (" ".join(line.split()) for line in "".join(parts).split("\0"))
    return "\n".join(line for line in lines if line)


def _collect(root: "HtmlElement", parts: list[str]) -> None:
    """Append text in reading order, NUL around blocks, by an explicit stack: pages nest deeply."""
    stack: list[tuple[HtmlElement, bool]] = [(root, True)]
    while stack:
        element, entering = stack.pop()
        block = element.tag in _BLOCKS
        if block:
            parts.append("\0")
        if entering and isinstance(element.tag, str) and element.tag not in _UNSEEN:
            parts.append(element.text or "")
            stack.append((element, False))
            stack.extend((child, True) for child in reversed(element))
            continue
        if element is not root:
            parts.append(element.tail or "")
