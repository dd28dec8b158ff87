"""Quality, speed, crawl and torture exams of scraper beside its peers.

Imports the public API only, but for what looks inside: speed/stages, crawl/isolation, torture.
"""
