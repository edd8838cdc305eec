"""What the harness of the disk does, each in a module: faults, crowds, a person at work, and hostile folders."""
