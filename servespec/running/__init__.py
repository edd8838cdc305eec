"""What `run` and `smoke` do: a compiled spec started on this machine, and its examples sent to what runs."""
