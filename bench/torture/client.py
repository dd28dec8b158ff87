"""Asks one URL once and prints what came of it as JSON: python -m bench.torture.client."""

import json
import os
import resource
import sys
import time
from collections.abc import Callable


def asking_requests(url: str, proxy: str) -> Callable[[], str]:  # noqa: ARG001 - asks directly
    """Return what asks as most programs do and reads the text."""
    import requests

    def ask() -> str:
        try:
            answer = requests.get(url, timeout=(2, 3))
            size = len(answer.text)
        except Exception as error:
            expected = isinstance(error, requests.RequestException)
            return ("" if expected else "uncaught ") + type(error).__name__
        return f"{answer.status_code}, {size:,} characters"

    return ask


def asking_ours(url: str, proxy: str) -> Callable[[], str]:
    """Return what asks by scraper.fetch with a deadline of 5 s; with a proxy as from outside."""
    import scraper

    fetch = scraper.fetch
    settings = scraper.Settings(timeout=5.0, proxy=proxy, allow_private=not proxy)

    def ask() -> str:
        try:
            page = fetch(url, settings)
        except scraper.FetchError as error:
            return error.code
        return f"ok, {len(page.body):,} bytes"

    return ask


CLIENTS = {"requests": asking_requests, "ours": asking_ours}


def peak_mb() -> float:
    """Return the most memory that this process has held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print outcome, seconds and growth in MiB of one request: CLIENT URL PROXY."""
    client, url, proxy = sys.argv[1:4]
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            del os.environ[name]
    ask = CLIENTS[client](url, proxy)
    before, started = peak_mb(), time.monotonic()
    outcome = ask()
    seconds = time.monotonic() - started
    print(json.dumps({"outcome": outcome, "seconds": seconds, "mb": peak_mb() - before}))


if __name__ == "__main__":
    main()
