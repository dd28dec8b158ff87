"""Quality, speed and crawl exams of scraper beside its peers; imports only the public API."""
