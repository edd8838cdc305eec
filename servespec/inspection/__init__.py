"""What a model's own files tell without its framework."""
