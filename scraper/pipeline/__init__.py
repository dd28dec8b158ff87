"""Many URLs or files, one record each: the only room that knows every stage.

turn (one URL asked for) -> crawling (all of them, by threads) -> corpus (into a folder, for years)
pages: saved files, and one page explained; reading: the processes that read pages
"""

from scraper.pipeline.corpus import Job, rebuild
from scraper.pipeline.crawling import crawl
from scraper.pipeline.pages import clean, explain

__all__ = ["Job", "clean", "crawl", "explain", "rebuild"]
