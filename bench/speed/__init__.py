"""CPU time and memory of the systems on the same pages."""
