"""A crawl of real pages over loopback with hostile answers among them, checked URL by URL."""
