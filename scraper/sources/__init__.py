"""Where URLs come from: pure parsers of what lists, feeds and sitemaps say."""

from scraper.sources.lists import read_list

__all__ = ["read_list"]
