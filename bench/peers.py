"""The systems under comparison, one function each: page bytes and URL to an output."""

import contextlib
import io
import logging
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import TYPE_CHECKING

from bench.corpora.case import Case, decode
from bench.output import Output

if TYPE_CHECKING:
    from lxml.html import HtmlElement
    from newspaper import Article

Extract = Callable[[bytes, str | None], Output]
Title = Callable[[bytes, str | None], str | None]

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

    `title` returns the headline that a system reports by a call of its own; it is called for the
    corpora whose gold has the headline, and its time is not counted. `needs` is a function that
    the module may not have yet.
    """

    name: str
    module: str
    distribution: str
    extract: Extract
    title: Title | None = None
    needs: str | None = None

    def read(self, case: Case, html: bytes) -> Output:
        """Extract one page, with what the convention of the case's gold asks for."""
        return self.titled(self.extract(html, case.url), case, html)

    def titled(self, output: Output, case: Case, html: bytes) -> Output:
        """Add the headline where the case's gold has it and a call of its own reports it."""
        if self.title is None or not case.headline_in_gold:
            return output
        with contextlib.suppress(Exception):
            return replace(output, title=self.title(html, case.url))
        return output

    @property
    def version(self) -> str:
        """Name the installed version; the empty string where there is no metadata."""
        try:
            return version(self.distribution)
        except PackageNotFoundError:
            return str(getattr(__import__(self.module), "__version__", ""))


def ours(html: bytes, url: str | None) -> Output:
    """Extract with scraper; a record that tells of a defect is an error, not an empty text."""
    import scraper

    article = scraper.extract(html, url)
    if article.error is not None and article.error.code == "internal":
        raise RuntimeError(article.error.message)
    made = article.extraction
    page_type = getattr(made, "page_type", None)
    return Output(
        article.text,
        title=article.title,
        subtitle=article.subtitle,
        page_type=getattr(page_type, "name", None),
        confidence=getattr(made, "confidence", None),
    )


def ours_unseen(html: bytes, url: str | None) -> Output:
    """Extract with scraper by a network that has not seen the page's site: see bench/unseen.py."""
    from bench import unseen

    unseen.choose_for(url)
    try:
        return ours(html, url)
    finally:
        unseen.as_shipped()


def ours_text(html: bytes, url: str | None) -> Output:
    """Extract with scraper the text of the body alone: no metadata, no ledger."""
    import scraper

    return Output(scraper.extract_text(html, url))


def _trafilatura(html: bytes, url: str | None, **options: bool) -> Output:
    import trafilatura

    return Output(trafilatura.extract(html, url=url, include_comments=False, **options) or "")


def trafilatura_default(html: bytes, url: str | None) -> Output:
    """Extract with trafilatura's defaults but for comments, which no other system returns."""
    return _trafilatura(html, url)


def trafilatura_fast(html: bytes, url: str | None) -> Output:
    """Extract with trafilatura without its fallback extractors."""
    return _trafilatura(html, url, fast=True)


def trafilatura_precision(html: bytes, url: str | None) -> Output:
    """Extract with trafilatura's favor_precision, without comments."""
    return _trafilatura(html, url, favor_precision=True)


def trafilatura_title(html: bytes, url: str | None) -> str | None:
    """Return the headline among trafilatura's metadata."""
    import trafilatura

    return trafilatura.extract_metadata(html, default_url=url, extensive=False).title


def readability_lxml(html: bytes, url: str | None) -> Output:
    """Extract with readability-lxml, whose HTML is turned into lines of text."""
    import lxml.html
    from readability import Document

    summary = Document(decode(html), url=url).summary(html_partial=True)
    return Output(block_text(lxml.html.fragment_fromstring(summary, create_parent="div")))


def readability_title(html: bytes, url: str | None) -> str | None:
    """Return readability-lxml's short title."""
    from readability import Document

    return Document(decode(html), url=url).short_title()


def resiliparse(html: bytes, url: str | None) -> Output:  # noqa: ARG001  it takes no URL
    """Extract with resiliparse's main content, tuned: no comments, bullets, alt texts, meta."""
    from resiliparse.extract.html2text import extract_plain_text

    text = extract_plain_text(
        decode(html),
        main_content=True,
        list_bullets=False,
        alt_texts=False,
        comments=False,
        post_meta=False,
    )
    return Output(text)


def newspaper4k(html: bytes, url: str | None) -> Output:
    """Extract with newspaper4k."""
    article = newspaper_article(html, url)
    return Output(article.text, title=article.title)


def newspaper_article(html: bytes, url: str | None) -> "Article":
    """Read a page with newspaper4k off the network; its warnings about extras are dropped."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import newspaper

        article = newspaper.Article(url or "http://localhost/", fetch_images=False)
        article.download(input_html=decode(html))
        article.parse()
    return article


OURS = ("ours", "ours-unseen", "ours-text")

_TRAFILATURA = ("trafilatura", "trafilatura")  # module and distribution

REGISTRY: dict[str, System] = {
    system.name: system
    for system in (
        System("ours", "scraper", "scraper", ours, needs="extract"),
        System("ours-unseen", "scraper", "scraper", ours_unseen, needs="extract"),
        System("ours-text", "scraper", "scraper", ours_text, needs="extract_text"),
        System("trafilatura", *_TRAFILATURA, trafilatura_default, trafilatura_title),
        System("trafilatura-fast", *_TRAFILATURA, trafilatura_fast, trafilatura_title),
        System("trafilatura-precision", *_TRAFILATURA, trafilatura_precision, trafilatura_title),
        System(
            "readability-lxml",
            "readability",
            "readability-lxml",
            readability_lxml,
            readability_title,
        ),
        System("resiliparse", "resiliparse", "resiliparse", resiliparse),
        System("newspaper4k", "newspaper", "newspaper4k", newspaper4k),
    )
}


def missing(system: System) -> str | None:
    """Say why a system cannot run; None where it can."""
    if find_spec(system.module) is None:
        return f"{system.name} skipped: {system.distribution} is not installed"
    if system.extract is ours_unseen and not _has_folds():
        return f"{system.name} skipped: make train leaves its networks in build/folds"
    if system.needs is None:
        return None
    try:
        getattr(import_module(system.module), system.needs)  # a half-built package has none
    except (ImportError, AttributeError) as error:
        return f"{system.name} skipped: {error}"
    return None


def _has_folds() -> bool:
    from bench import unseen

    return unseen.is_there()


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
