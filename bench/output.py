"""What a system makes of a page, and how it is put beside a gold."""

from dataclasses import dataclass

from bench.corpora.case import Case
from bench.metrics import tokens

# Characters of markup, such as table bars, that may stand among the words a text begins with.
LEAD = 500


@dataclass(frozen=True, slots=True)
class Output:
    """The text, and what else the system says of the page; None where it says nothing.

    `page_type` is its name, `confidence` the F1 that the system expects of its text, 0 to 1.
    """

    text: str
    title: str | None = None
    subtitle: str | None = None
    page_type: str | None = None
    confidence: float | None = None

    def for_gold(self, case: Case) -> str:
        """Return the text, with headline and standfirst before it where the gold has them."""
        text = self.text
        if case.standfirst_in_gold:
            text = _led(self.subtitle, text)
        return _led(self.title, text) if case.headline_in_gold else text


def _led(head: str | None, text: str) -> str:
    r"""Put a line before a text that does not begin with the same words.

    >>> _led("Tide", "It froze."), _led("Tide", "TIDE: it froze."), _led(None, "It froze.")
    ('Tide\n\nIt froze.', 'TIDE: it froze.', 'It froze.')
    """
    words = tokens(head or "")
    if not head or tokens(text[: 2 * len(head) + LEAD])[: len(words)] == words:
        return text
    return f"{head}\n\n{text}"
