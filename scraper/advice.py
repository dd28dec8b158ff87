"""How pages are to be read: what the user wants, and knows of sites beyond a page itself."""

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from scraper.hosts import HostProfile, read_hosts
from scraper.model import Mode
from scraper.sites import SiteRule, load_site_rules, rule_for


class Advice(Struct, frozen=True):
    """What is known of one page's site: a rule, and what recurs on its host."""

    site: SiteRule | None = None
    host: HostProfile | None = None


NONE = Advice()


class Advisor(Struct, frozen=True):
    """Rules by domain and profiles by host. Explicit: nothing is learned while pages are read."""

    sites: Mapping[str, SiteRule] = {}
    hosts: Mapping[str, HostProfile] = {}

    def about(self, host: str | None) -> Advice:
        """Return what is known of a host."""
        if not host or not (self.sites or self.hosts):
            return NONE
        return Advice(rule_for(self.sites, host), self.hosts.get(host))


NO_ADVICE = Advisor()


class Reading(Struct, frozen=True):
    """How pages are read: what counts as the text, kinds to leave in, what is known of sites."""

    mode: Mode = "auto"
    keep: tuple[str, ...] = ()
    advisor: Advisor = NO_ADVICE


PLAIN = Reading()


def load_advice(site_rules: str = "", hosts: str = "") -> Advisor:
    """Return what the folder ``site_rules`` and the file ``hosts`` hold; "" is none.

    Raises:
        UsageError: one of them is missing or wrong, in one line.
    """
    return Advisor(
        load_site_rules(Path(site_rules)) if site_rules else {},
        read_hosts(Path(hosts)) if hosts else {},
    )
