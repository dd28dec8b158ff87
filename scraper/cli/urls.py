"""Checks URLs typed as arguments: a slip of the hand is wrong usage, not a failed download."""

from collections.abc import Iterable

from scraper.errors import FetchError, UsageError
from scraper.urls import check_web_url, is_web_url, without_secrets


def checked(urls: Iterable[str]) -> list[str]:
    """Return ``urls``.

    Raises:
        UsageError: one of them is no http or https URL; the message offers the likely one.
    """
    urls = list(urls)
    for url in urls:
        try:
            check_web_url(url)
        except FetchError as error:
            hint = f"; did you mean https://{url} ?" if _lacks_scheme(url) else ""
            raise UsageError(f"{without_secrets(url)}: {error}{hint}") from None
    return urls


def _lacks_scheme(url: str) -> bool:
    return "://" not in url and is_web_url(f"https://{url}")
