"""Mutation testing: what of a package could be wrong without a test that notices."""
