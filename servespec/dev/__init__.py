"""Work on servespec itself: what is derived from its source, and whether it still is."""
