"""What `servespec init` does: look, ask, and write the first spec."""
