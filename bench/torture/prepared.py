"""Has been imported once a process is ready to crawl: a fork of it starts in milliseconds."""

import scraper
from bench.torture.runs import article
from scraper.cli import corpus_run, crawl, progress, report, stopping
from scraper.pipeline import Job
from scraper.writer import metrics, runs

_ALL = (Job, corpus_run, crawl, metrics, progress, report, runs, stopping)

scraper.extract(article(0), "https://harbour.example/")  # loads network, word lists, languages
