"""Article to output: JSON lines, JSON, Markdown, text; files that are never half-written."""

from scraper.writer.atomic import replacing
from scraper.writer.corpus import Corpus, Places, layout_of
from scraper.writer.files import ArticleFiles
from scraper.writer.formats import FORMATS, Format, write_all
from scraper.writer.shape import shaped

__all__ = [
    "FORMATS",
    "ArticleFiles",
    "Corpus",
    "Format",
    "Places",
    "layout_of",
    "replacing",
    "shaped",
    "write_all",
]
