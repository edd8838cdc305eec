"""Canaries: values that nothing but their own place may ever hold."""
