"""Fuzzes extraction: python fuzz/extract.py --seconds 60, with atheris where it is installed.

Without it, or with --mutate, spoiled fixtures are tried by a seed. What breaks a promise is written
to output/fuzz/ and told; exit 1 then.
"""

import argparse
import hashlib
import random
import sys
import time
import traceback
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from fuzz.mutation import mutated  # noqa: E402 - the path comes first
from fuzz.promises import check, check_limiter  # noqa: E402

FOUND = ROOT / "output" / "fuzz"
URL = "https://harbour.example/news/ferry"


def try_one(body: bytes) -> None:
    """Hold extraction of one page to its promises.

    Raises:
        AssertionError: one is broken.
    """
    check(body, URL)
    check_limiter(body.decode("utf-8", "replace"))


def try_mutations(pages: list[bytes], seconds: float, seed: int) -> int:
    """Try spoiled pages for a time; return how many broke a promise."""
    chance = random.Random(seed)  # noqa: S311 - a fixed seed is the point
    end, tried, broken = time.monotonic() + seconds, 0, 0
    while time.monotonic() < end:
        body = mutated(pages, chance)
        tried += 1
        try:
            try_one(body)
        except Exception:  # noqa: BLE001 - whatever it is, it is a finding
            broken += 1
            keep(body)
            traceback.print_exc()
    print(f"{tried} pages tried, {broken} broke a promise")  # noqa: T201
    return broken


def keep(body: bytes) -> None:
    """Write a page that broke a promise, named by its bytes."""
    FOUND.mkdir(parents=True, exist_ok=True)
    (FOUND / f"{hashlib.sha256(body).hexdigest()[:16]}.html").write_bytes(body)


def try_with_atheris(seconds: int, corpus: Path) -> None:
    """Let coverage guide the search; atheris ends the process."""
    import atheris  # noqa: PLC0415 - it may not be there

    def once(body: bytes) -> None:
        try:
            try_one(body)
        except Exception:
            keep(body)
            raise

    atheris.instrument_all()
    arguments = [f"-max_total_time={seconds}", "-max_len=20000", "-timeout=30", str(corpus)]
    atheris.Setup([sys.argv[0], "-rss_limit_mb=2048", *arguments], once)
    atheris.Fuzz()


def main() -> int:
    """Fuzz for the seconds asked for; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--mutate", action="store_true", help="spoil fixtures, without atheris")
    asked = parser.parse_args()
    paths = sorted((ROOT / "fixtures" / "pages").glob("*/page.html"))
    if asked.mutate or find_spec("atheris") is None:
        return (
            1
            if try_mutations([path.read_bytes() for path in paths], asked.seconds, asked.seed)
            else 0
        )
    corpus = ROOT / "output" / "fuzz-corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for path in paths:
        (corpus / path.parent.name).write_bytes(path.read_bytes()[:20_000])
    try_with_atheris(asked.seconds, corpus)
    return 0


if __name__ == "__main__":
    sys.exit(main())
