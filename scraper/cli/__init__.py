"""The command line: one module a command; each parses, calls the library and prints."""

from scraper.cli.group import CommandGroup

__all__ = ["main"]

EPILOG = """\b
Examples:
  scraper get https://example.org/news/one -f md
  scraper clean saved-pages/ -j 4 -o articles.jsonl
  scraper crawl -i urls.txt -C corpus
  scraper explain https://example.org/news/one --html why.html
  scraper demo

\b
Exit codes:
  0 done   1 some URLs failed   2 wrong usage   3 nothing succeeded
  4 cannot write   5 stopped at a limit, work is left   75 another run is writing
  129, 130, 143 stopped by a signal
"""

COMMANDS = {
    "get": "scraper.cli.get",
    "clean": "scraper.cli.clean",
    "crawl": "scraper.cli.crawl",
    "refresh": "scraper.cli.refresh",
    "status": "scraper.cli.state:status",
    "retry": "scraper.cli.state:retry",
    "forget": "scraper.cli.state:forget",
    "rebuild": "scraper.cli.state:rebuild",
    "discover": "scraper.cli.discover",
    "robots": "scraper.cli.robots",
    "explain": "scraper.cli.explain",
    "report": "scraper.cli.run_report",
    "hosts": "scraper.cli.hosts",
    "site-rules": "scraper.cli.site_rules",
    "export": "scraper.cli.export",
    "schema": "scraper.cli.schema",
    "validate": "scraper.cli.validate",
    "demo": "scraper.cli.demo",
    "doctor": "scraper.cli.doctor",
    "completion": "scraper.cli.completion",
}
"""Commands in the order of the help, and the module that each is loaded from when needed."""

main = CommandGroup(
    name="scraper",
    commands_from=COMMANDS,
    epilog=EPILOG,
    help="Turn web addresses and saved pages into clean article JSON.",
)
