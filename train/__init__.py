"""Rebuilds the block model from real pages with gold; not in the wheel. See train/README.md."""
