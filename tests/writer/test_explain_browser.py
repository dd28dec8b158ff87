"""The page in a real browser: the style is taken, nothing runs, nothing is asked of anyone."""

import re
import shutil
import subprocess

import pytest
from explained import FERRY, cut, explanation, kept
from test_explain_page import PAYLOADS, everywhere

from scraper.writer.explain import render_page

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER = next(filter(None, map(shutil.which, NAMES)), None)

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")

QUIET = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-quic", "--enable-logging=stderr", "--log-level=0", "--hide-scrollbars"),
]


@pytest.fixture
def opened(tmp_path):
    """Open a page; return its elements as the browser has them, and what its console says."""

    def browse(page, *options):
        file = tmp_path / "page.html"
        file.write_text(page, "utf-8")
        command = [BROWSER, *QUIET, f"--user-data-dir={tmp_path / 'profile'}", *options]
        done = subprocess.run(
            [*command, "--dump-dom", file.as_uri()], capture_output=True, check=True, timeout=120
        )
        said = done.stderr.decode("utf-8", "replace")
        return done.stdout.decode("utf-8"), re.findall(r":CONSOLE[:(].*", said)

    return browse


def test_a_page_breaks_no_policy(opened):
    dom, console = opened(render_page(explanation(*FERRY)))
    assert console == []
    assert dom.count("<details") == 2


def test_a_broken_policy_would_be_seen(opened):
    page = render_page(explanation(*FERRY))
    _, console = opened(page.replace("<style>", "<style>p { color: red }", 1))
    assert any("Content Security Policy" in line for line in console)


def test_a_script_would_not_run(opened):
    attack = (
        "<script>document.title = 'owned'</script><p onclick=x></p><img src=x onerror=alert(1)>"
    )
    dom, console = opened(render_page(explanation(*FERRY)).replace("</main>", attack + "</main>"))
    assert "<title>owned" not in dom
    assert sum("Content Security Policy" in line for line in console) >= 2


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_no_text_runs_or_loads_anything(payload, opened):
    dom, console = opened(render_page(everywhere(payload)))
    assert console == []
    assert not re.search(r"<(script|img|iframe|base|link|object|embed|form)\b", dom)
    assert not re.search(r"<[^>]*\s(on\w+|style|src|action)=", dom)


SEEN = {
    "light": (),
    "dark": ("--blink-settings=preferredColorScheme=0",),
    "narrow": ("--window-size=500,900",),
}


@pytest.mark.parametrize("options", SEEN.values(), ids=SEEN)
def test_the_page_is_drawn(options, opened, tmp_path):
    """The picture of an empty page takes less than half of these bytes."""
    image = tmp_path / "page.png"
    pieces = (kept("Noon. " * 200), cut("Subscribe. " * 30), cut("Related. " * 30, "related"))
    opened(render_page(explanation(*pieces)), f"--screenshot={image}", *options)
    assert len(image.read_bytes()) > 10_000
