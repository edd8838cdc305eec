"""What `servespec image` does: which images the specs have, and what becomes of each."""
