"""Looks for pages that extraction cannot bear; not in the wheel."""
