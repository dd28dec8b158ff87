"""What is known of every URL of a corpus, and which of them wait for their turn: one SQLite file.

schema -> database (opened, checked) -> store (the State), similar (near duplicates) beside it
"""

from scraper.state.store import NAME, Added, Change, Settlement, State, totals

__all__ = ["NAME", "Added", "Change", "Settlement", "State", "totals"]
