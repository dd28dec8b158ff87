"""No bytes make a reader raise, take long, or name what is no web address."""

import gzip
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import FEEDS

from scraper.sources import (
    kind_of,
    open_list,
    read_alternates,
    read_feed,
    read_list,
    read_opml,
    read_robots_sitemaps,
    read_sitemap,
)
from scraper.urls import is_web_url

URL = "https://harbour.example/dir/x"
READERS = (read_feed, read_sitemap, read_opml, read_alternates, read_robots_sitemaps)
DOCUMENTS = [path.read_bytes() for path in sorted(FEEDS.iterdir())]
PIECES = (
    b"< > </ /> <! <!-- --> <![CDATA[ ]]> <?xml ?> <!DOCTYPE [ ]> & &amp; &lt; &a; &#0; &#x110000;"
    b" ' \" = <item> </item> <entry> <link> </link> <link/> href='http://[::1' xml:base='//[x'"
    b" <url> </url> <loc> </loc> <lastmod> <sitemap> <outline xmlUrl= rel=alternate"
    b" type=application/json https://a.example/ http://a:99999/ javascript:x 2026-03-04"
    b' {"items":[ ]} \x00 \xff \x1f\x8b'
).split(b" ")

pieced = st.lists(st.sampled_from([*PIECES, b" ", b"\n"]), max_size=60).map(b"".join)


@st.composite
def spliced(draw):
    """A fixture with a stretch of it replaced."""
    document = draw(st.sampled_from(DOCUMENTS))
    start = draw(st.integers(0, len(document)))
    end = draw(st.integers(start, len(document)))
    return document[:start] + draw(pieced) + document[end:]


bodies = st.one_of(st.binary(max_size=300), pieced, spliced(), spliced().map(gzip.compress))


@given(bodies)
def test_a_reader_names_web_addresses_or_nothing(body):
    for read in READERS:
        assert all(is_web_url(link.url) for link in read(body, URL))


@given(bodies)
def test_a_reader_names_each_address_once(body):
    for read in READERS:
        urls = [link.url for link in read(body, URL)]
        assert len(urls) == len(set(urls))


@given(bodies)
def test_every_document_has_a_kind_or_none(body):
    assert kind_of(body) in ("feed", "sitemap", "opml", "page", None)


class Pipe:
    """What comes piece by piece."""

    def __init__(self, pieces):
        self.pieces = [*filter(None, pieces), b""]

    def read(self, _size):
        return self.pieces.pop(0)


@given(st.lists(st.binary(max_size=30), max_size=10))
def test_a_list_comes_out_of_pieces_as_out_of_one(pieces):
    pieces = [b"##", *pieces]  # neither gzip nor UTF-16
    whole = b"".join(pieces).split(b"\n")
    assert list(read_list(open_list(Pipe(pieces)))) == list(read_list(whole))


GROWING = [
    *(b"<", b"<!--", b"<![CDATA[", b"<!DOCTYPE[", b"<!DOCTYPE a", b"<?", b"</", b"<a ", b"<a '"),
    *(b'<a "', b"<a b='c' ", b"<a>", b"<item>", b"<url>", b"<url><loc>", b"<item><link>/a", b"&"),
    *(b"&a;", b"]", b" ", b"\n", b"{", b'{"items":[', b"http://a/ ", b"sitemap:", b"<script>"),
    *(
        b"<script ",
        b"<link rel=alternate type=application/json href=x>",
        b"=",
        b"<x:",
        b"]]>",
        b"#",
    ),
]


@pytest.mark.parametrize("piece", GROWING)
def test_time_is_linear_in_what_is_repeated(piece):
    """100 KB of it take some 0.1 s; a scan to the end from each of them takes many."""
    body = b"<rss><url>" + piece * (100_000 // len(piece))
    began = time.process_time()
    for read in (read_sitemap, read_alternates, read_robots_sitemaps, kind_of):
        read(body, *[URL] * (read is not kind_of))
    read_sitemap(piece * (100_000 // len(piece)), URL)
    assert time.process_time() - began < 5
