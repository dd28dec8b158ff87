"""Title, authors, date and tags of ours and its peers against gold."""
