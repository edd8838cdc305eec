"""What the scorer is made of: each module does one thing, and says in its first line what."""
