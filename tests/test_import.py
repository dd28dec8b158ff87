"""Importing is cheap and loads no parser and no HTTP library."""

import subprocess
import sys

import scraper

HEAVY = ("jinja2", "numpy", "trafilatura", "lxml", "requests", "selectolax", "rich", "urllib3")


def run(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_import_loads_nothing_heavy():
    code = f"import sys, scraper; print([m for m in {HEAVY} if m in sys.modules])"
    assert run(code) == "[]"


def test_help_loads_nothing_heavy():
    code = (
        "import sys\nfrom scraper.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        f"print([m for m in {HEAVY} if m in sys.modules])"
    )
    assert run(code).endswith("[]")


def test_import_costs_under_150_ms():
    """CPU seconds beyond those of a bare interpreter, best of three: the machine may be busy."""
    code = "import time; a = time.process_time(); import scraper; print(time.process_time() - a)"
    assert min(float(run(code)) for _ in range(3)) < 0.15


def test_help_costs_under_400_ms():
    code = (
        "import time\nfrom scraper.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\nprint(time.process_time())"
    )
    assert min(float(run(code).splitlines()[-1]) for _ in range(3)) < 0.4


def test_public_names_are_sorted_and_all_there():
    assert sorted(scraper.__all__) == scraper.__all__
    assert [name for name in scraper.__all__ if not hasattr(scraper, name)] == []


def test_unknown_name_is_an_attribute_error():
    assert not hasattr(scraper, "no_such_name")


def test_extract_needs_no_network_file_or_process():
    """The audit hook sees every open of a file for writing, socket and process."""
    code = """
import sys, scraper
page = '<h1>T</h1>' + '<p>A b c d e f.</p>' * 50
scraper.extract(page)  # so that modules and data are loaded
seen = []
def hook(event, args):
    if event.startswith(('socket.', 'subprocess.', 'os.exec', 'os.fork', 'os.posix_spawn')):
        seen.append(event)
    if event == 'open':
        seen.append(str(args[0]))
sys.addaudithook(hook)
scraper.extract(page)
print(seen)
"""
    assert run(code) == "[]"
