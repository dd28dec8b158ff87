"""Runs to output: one page that tells an operator how the last run and those before it went."""

from scraper.writer.report.page import render

__all__ = ["render"]
