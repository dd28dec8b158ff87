"""Explanation to output: a page's text and what was cut of it, for terminal and browser."""

from scraper.writer.explain.page import render_page
from scraper.writer.explain.text import Line, lines_of, render_text

__all__ = ["Line", "lines_of", "render_page", "render_text"]
