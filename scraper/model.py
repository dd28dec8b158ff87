"""The records that the stages hand on: frozen values, and the published article record among them.

Every field is required, so that a record always has every key; the unknown is None, "" or ().
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct, field

from scraper.markdown import render
from scraper.text import escape_line_separators

Status = Literal["ok", "partial", "blocked", "not_article", "duplicate", "error", "skipped", "gone"]
Role = Literal["p", "h2", "h3", "h4", "h5", "h6", "li", "quote", "code", "table", "figure"]
Mode = Literal["auto", "article", "any"]
TypeName = Literal[
    "article", "forum", "product", "collection", "listing", "documentation", "service"
]
KINDS = (
    *("ad", "affiliate", "app", "author-bio", "boilerplate", "byline", "caption", "comments"),
    *("consent", "copyright", "donation", "feedback", "hidden", "membership", "navigation"),
    *("newsletter", "paywall", "player", "promotion", "registration", "related", "share"),
    *("signin", "site", "tags"),
)
"""Kinds of removals."""

Count = Annotated[int, Meta(ge=0)]
Probability = Annotated[float, Meta(ge=0.0, le=1.0)]


class Record(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the published records: immutable, compared by value."""


class Author(Record, frozen=True, kw_only=True):
    """Who signed the article."""

    name: Annotated[str, Meta(description="the name as displayed, without role or 'By'")]
    url: Annotated[str | None, Meta(description="the author's page")]
    kind: Literal["person", "organization"]


class Image(Record, frozen=True, kw_only=True):
    """A picture of the article."""

    url: str
    caption: str | None
    credit: str | None
    width: Annotated[Count | None, Meta(description="pixels")]
    height: Annotated[Count | None, Meta(description="pixels")]


class Block(Record, frozen=True, kw_only=True):
    """One run of article text in reading order."""

    role: Role
    text: str
    level: Annotated[Count | None, Meta(description="nesting of a list item, 1 is outermost")]
    rows: Annotated[
        tuple[tuple[str, ...], ...] | None, Meta(description="the cells of a table, row by row")
    ]
    url: Annotated[str | None, Meta(description="the image of a figure")]


class Signal(Record, frozen=True, kw_only=True):
    """One observation that speaks for an access status."""

    signal: str
    value: str


class Access(Record, frozen=True, kw_only=True):
    """Whether a reader without an account sees the whole article."""

    status: Literal["free", "metered", "paywalled", "registration", "unknown"]
    declared: Annotated[bool | None, Meta(description="isAccessibleForFree as the page states it")]
    truncated: Annotated[bool | None, Meta(description="the text breaks off; needs two signals")]
    evidence: tuple[Signal, ...]


class Redirect(Record, frozen=True, kw_only=True):
    """One hop on the way to the page."""

    url: str
    status: Annotated[int, Meta(description="HTTP status")]


class Fetch(Record, frozen=True, kw_only=True):
    """Where the bytes came from and how."""

    requested_url: Annotated[str, Meta(description="the URL or path as it was given")]
    final_url: Annotated[str | None, Meta(description="the URL after redirects")]
    redirects: tuple[Redirect, ...]
    http_status: int | None
    fetched_at: Annotated[str | None, Meta(description="RFC 3339, UTC")]
    elapsed_ms: Count | None
    bytes: Annotated[Count | None, Meta(description="size of the decoded body")]
    content_type: str | None
    encoding: Annotated[str | None, Meta(description="WHATWG name of the encoding used")]
    encoding_source: Literal["bom", "http", "meta", "utf-8", "detected", "given"] | None
    etag: str | None
    last_modified: str | None
    x_robots_tag: Annotated[str | None, Meta(description="the header as sent")]
    from_: Literal["http", "file", "warc"] | None = field(name="from")
    robots: Literal["allowed", "disallowed", "unreachable", "ignored"] | None


class Evidence(Record, frozen=True, kw_only=True):
    """Which source a metadata value was taken from, and how likely it is right."""

    source: str
    confidence: Probability
    candidate: Annotated[
        str | None,
        Meta(description="the likeliest value, where it was not sure enough to be given"),
    ]


class PageType(Record, frozen=True, kw_only=True):
    """What kind of page it is, as far as its layout and names tell."""

    name: TypeName
    probability: Probability


class Extraction(Record, frozen=True, kw_only=True):
    """How the record was made."""

    tool: Annotated[str, Meta(description="scraper/VERSION")]
    confidence: Annotated[
        Probability | None,
        Meta(description="expected F1 of the text against a careful reader's; null without a text"),
    ]
    page_type: Annotated[
        PageType | None, Meta(description="the likeliest type; null where the model did not run")
    ]
    body_source: Annotated[
        Literal["model", "trafilatura", "site", "text", "state"] | None,
        Meta(
            description="who found the text: trafilatura where the model found none, a rule for"
            " the site where it names the text; text where no page but its text was given; state"
            " where the page holds it only as data for its scripts"
        ),
    ]
    evidence: Annotated[dict[str, Evidence], Meta(description="by metadata field")]
    kept_ratio: Annotated[Probability | None, Meta(description="words kept / words on the page")]
    warnings: tuple[str, ...]


class Removal(Record, frozen=True, kw_only=True):
    """What was cut, by which rule.

    In counts form one entry sums all removals of a rule, and text, path and position are null.
    """

    kind: Annotated[str, Meta(description="newsletter, paywall, share ...: see docs/removals.md")]
    rule: Annotated[str, Meta(description="the rule's id")]
    text: str | None
    path: Annotated[str | None, Meta(description="where in the page: tag.class > tag#id > ...")]
    position: Annotated[Count | None, Meta(description="words of the page before the removed text")]
    words: Count
    count: Annotated[int, Meta(ge=1, description="how many removals this entry sums")]


class Failure(Record, frozen=True, kw_only=True):
    """Why there is no article."""

    code: Annotated[str, Meta(description="one of the closed list in docs/codes.md")]
    message: str
    retryable: bool
    attempts: Count
    next_attempt_at: Annotated[str | None, Meta(description="RFC 3339, UTC")]


class Article(Record, frozen=True, kw_only=True):
    """The record every URL ends in: the article, or the reason why there is none."""

    schema_version: Literal["1.0"]
    id: Annotated[
        str,
        Meta(
            pattern="^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
            description="UUIDv5 of the URL key: stable for ever",
        ),
    ]
    version: Annotated[int, Meta(ge=1, description="revision of the content")]
    status: Status
    url: Annotated[str, Meta(description="final URL; empty where none is known")]
    canonical_url: Annotated[str | None, Meta(description="as declared, where plausible")]
    host: str | None
    site_name: str | None
    title: str | None
    subtitle: Annotated[str | None, Meta(description="the standfirst as displayed")]
    description: str | None
    authors: tuple[Author, ...]
    date_published: Annotated[
        str | None, Meta(description="RFC 3339 as stated, or a bare day where only that is known")
    ]
    date_modified: Annotated[str | None, Meta(description="like date_published")]
    language: Annotated[str | None, Meta(description="BCP 47")]
    section: str | None
    tags: tuple[str, ...]
    image: Image | None
    images: tuple[Image, ...]
    text: Annotated[
        str,
        Meta(description="paragraphs joined by a blank line; no title, standfirst, captions"),
    ]
    blocks: Annotated[tuple[Block, ...], Meta(description="the text with its structure")]
    word_count: Annotated[Count, Meta(description="CJK characters count as words")]
    access: Access
    robots: Annotated[
        tuple[str, ...],
        Meta(
            description="what page and server ask of robots: noindex, noarchive ...; not acted on"
        ),
    ]
    content_hash: Annotated[
        str, Meta(pattern="^(sha256:[0-9a-f]{64})?$", description="of the text; empty without text")
    ]
    simhash: Annotated[str, Meta(pattern="^([0-9a-f]{16})?$", description="64 bits of the text")]
    duplicate_of: Annotated[str | None, Meta(description="id of the article that this one repeats")]
    fetch: Fetch
    extraction: Extraction
    removed: Annotated[tuple[Removal, ...], Meta(description="the ledger of what was cut")]
    error: Failure | None

    def to_dict(self, schema: str | None = None) -> dict[str, Any]:
        """Return the record as plain dicts and lists, as ``json.loads(self.to_json())`` would.

        ``schema`` names a consumer in whose form it comes instead: docs/exports.md.

        Raises:
            ValueError: no consumer has this name; the message lists those that there are.
        """
        plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(self))
        if schema is None:
            return plain
        from scraper.exports import export  # noqa: PLC0415 - few need it

        return export(plain, schema)

    def to_json(self, *, indent: int = 0) -> str:
        """Return the record as JSON text: one line, or indented by ``indent`` spaces a level."""
        line = msgspec.json.encode(self)
        pretty = msgspec.json.format(line, indent=indent) if indent else line
        return escape_line_separators(pretty.decode("utf-8"))

    def to_markdown(self) -> str:
        """Return title, standfirst and text as CommonMark; the page's characters are escaped."""
        return render(self.title, self.subtitle, self.blocks)


LinkKind = Literal["page", "feed", "sitemap"]


class Link(Struct, frozen=True, kw_only=True):
    """One URL to fetch, what stands there, and where it was found.

    ``line`` counts from 1 in its list; ``source`` is the feed, sitemap or page that names it, which
    may also say when it was last modified (RFC 3339, or as stated where it cannot be read), and
    ``depth`` counts the documents between it and what the user named.
    """

    url: str
    kind: LinkKind = "page"
    line: int | None = None
    source: str | None = None
    depth: int = 0
    last_modified: str | None = None


class Page(Struct, frozen=True, kw_only=True):
    """One fetched response or read file: its bytes as sent, and how they came.

    ``url`` is what the page is known by: the URL after redirects, or None for a file of unknown
    origin. ``fetch.encoding`` is filled in when the bytes are decoded.
    """

    body: bytes
    url: str | None
    fetch: Fetch


class Piece(Struct, frozen=True, kw_only=True):
    """A block of a page, kept or removed, as ``explain`` shows it: in the order of the page.

    ``votes`` say what spoke for and against it, as ``model 0.12`` or ``text newsletter: our
    newsletter``; ``kind``, ``rule`` and ``path`` are those of the ledger, None where it is kept.
    """

    text: str
    part: Literal["title", "subtitle", "text", "removed"]
    kind: str | None
    rule: str | None
    path: str | None
    votes: tuple[str, ...]


class Content(Struct, frozen=True, kw_only=True):
    """What the cleaner keeps of a page, what it cut, and its doubts.

    ``kept`` are the indices of the outline's blocks that the article was made of, ascending;
    ``subtitle`` is the standfirst, ``page_words`` counts the visible words of the whole page;
    ``confidence``, ``page_type`` and ``body_source`` are those of the record's ``extraction``;
    ``walls`` are prompts to pay or register that stand where the text ends.
    """

    blocks: tuple[Block, ...]
    kept: tuple[int, ...]
    subtitle: str | None
    removals: tuple[Removal, ...]
    page_words: int
    page_type: PageType | None
    confidence: float | None
    body_source: Literal["model", "trafilatura", "site", "text", "state"] | None
    walls: tuple[Signal, ...]
    warnings: tuple[str, ...]


class Explanation(Struct, frozen=True, kw_only=True):
    """A page's record, its ledger in full, and all of the page's blocks in order."""

    article: Article
    pieces: tuple[Piece, ...]


class Outcome(Struct, frozen=True, kw_only=True):
    """How one URL of a run ended: always one record, an article or the failure."""

    link: Link
    article: Article


class Visit(Struct, frozen=True, kw_only=True):
    """What one URL of a run came to in a corpus.

    ``status`` is that of the record, or ``unchanged`` where there is no new one: then ``article``
    is None. ``code`` is the failure's. ``kept`` says that an earlier, good article stands in spite
    of what came now. ``fetch`` is the last request, also where nothing new came of it.
    """

    link: Link
    id: str
    status: Status | Literal["unchanged"]
    fetch: Fetch
    code: str | None = None
    kept: bool = False
    article: Article | None = None


class Task(Struct, frozen=True, kw_only=True):
    """A URL that waits for its turn.

    ``seq`` and ``id`` are its number and record id in the state, ``host`` is empty for what is no
    web address, whose failure is ``refused``. ``etag`` and ``last_modified`` make the request a
    conditional one. ``attempts`` counts the tries of this run.
    """

    seq: int
    id: str
    link: Link
    host: str
    refused: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    attempts: int = 0


class Known(Struct, frozen=True, kw_only=True):
    """What the state remembers of one URL. Times are Unix seconds, intervals seconds.

    ``version`` is 0 as long as there is no article; ``status`` and ``code`` are those of the last
    visit, ``failures`` and ``missing`` (404 and 410) count such visits in a row. ``due`` is None
    for what is not to be visited again unasked.
    """

    first_seen: float
    version: int = 0
    content_hash: str = ""
    simhash: str = ""
    words: int = 0
    status: str | None = None
    code: str | None = None
    failures: int = 0
    missing: int = 0
    interval: float = 0.0
    due: float | None = None
    visited: float | None = None
    last_seen: float | None = None
    changed: float | None = None
    etag: str | None = None
    last_modified: str | None = None
    duplicate_of: str | None = None
