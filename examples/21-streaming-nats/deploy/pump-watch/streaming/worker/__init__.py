"""What the worker is made of: each module does one thing, and says in its first line what."""
