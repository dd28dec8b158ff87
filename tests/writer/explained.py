"""Hand-made explanations, for the tests of what is written of them."""

import msgspec

from scraper.blank import blank_article, blank_fetch
from scraper.model import Explanation, Piece

URL = "https://harbour.example/news/ferry"


def kept(text, part="text", votes=("model 0.98",)):
    return Piece(text=text, part=part, kind=None, rule=None, path=None, votes=votes)


def cut(text, kind="newsletter", rule=None, path="body > aside.box", votes=("model 0.12",)):
    return Piece(
        text=text, part="removed", kind=kind, rule=rule or f"{kind}.name", path=path, votes=votes
    )


def explanation(*pieces, **fields):
    """An explanation whose record is a good one but for ``fields``."""
    blank = blank_article(URL, blank_fetch(URL, origin="http"))
    given = {"status": "ok", "title": "Noon at the quay"} | fields
    return Explanation(article=msgspec.structs.replace(blank, **given), pieces=pieces)


FERRY = (
    cut("Home\nNews\nSport", "navigation"),
    kept("Noon at the quay", "title"),
    kept("The ferry left the quay at nine."),
    cut("Sign up for our newsletter today."),
    cut("No thanks", votes=("model 0.07", "text newsletter: no thanks")),
    kept("By noon the island was in sight."),
)
