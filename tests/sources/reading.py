"""Reads the fixtures of feeds and sitemaps, and shows links as what tests compare."""

from pathlib import Path

FEEDS = Path(__file__).parent.parent.parent / "fixtures" / "feeds"
SITE = "https://harbour.example"


def fixture(name):
    return (FEEDS / name).read_bytes()


def shown(links):
    """Return address, without the site, and time of each link."""
    return [(link.url.removeprefix(SITE), link.last_modified) for link in links]


def urls(links):
    return [link.url.removeprefix(SITE) for link in links]
