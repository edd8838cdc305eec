"""What `servespec lock` looks up, and how it is put together."""
