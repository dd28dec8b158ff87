"""Extracts hurting pages in one process of limited memory and prints what each cost and gave."""

import json
import resource
import sys
import time
from pathlib import Path

import scraper
from bench.torture.pages import MARKERS
from tests.torture.cases import CASES

ADDRESS_SPACE = 2 << 30


def _peak() -> int:
    """Return the highest resident set since the last reset, in KiB; 0 where none is told."""
    try:
        lines = Path("/proc/self/status").read_text("ascii").splitlines()
    except OSError:
        return 0
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def _reset() -> int:
    try:
        Path("/proc/self/clear_refs").write_text("5", "ascii")
    except OSError:
        return 0
    return _peak()


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    scraper.extract(CASES["00_plain"].make())
    for name, case in CASES.items():
        body = case.make()
        before, began = _reset(), time.process_time()
        article = scraper.extract(body)
        seconds, peak = time.process_time() - began, _peak()
        result = {
            "name": name,
            "seconds": seconds,
            "megabytes": (peak - before) / 1024,
            "size": len(body),
            "found": sum(marker in article.text for marker in MARKERS),
            "words": article.word_count,
            "code": article.error.code if article.error else None,
            "warnings": article.extraction.warnings,
        }
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    sys.exit(main())
