"""What hostile servers answer, and what becomes of those who ask them."""
