"""A synthetic programme with planted effects: what an evaluation must find, and what not."""
