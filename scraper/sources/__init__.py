"""Where URLs come from: pure parsers of what lists, feeds, sitemaps and pages say.

Each takes the bytes of a document and its address, returns links, and never raises.
"""

from scraper.sources.feeds import read_feed
from scraper.sources.kinds import MAX_DOCUMENT, kind_of, read_links
from scraper.sources.lists import open_list, read_list
from scraper.sources.opml import read_opml
from scraper.sources.pages import read_alternates
from scraper.sources.sitemaps import read_robots_sitemaps, read_sitemap

__all__ = [
    "MAX_DOCUMENT",
    "kind_of",
    "open_list",
    "read_alternates",
    "read_feed",
    "read_links",
    "read_list",
    "read_opml",
    "read_robots_sitemaps",
    "read_sitemap",
]
