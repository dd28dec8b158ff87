"""Quality of the extracted text on real pages with gold, side by side with the peers."""
