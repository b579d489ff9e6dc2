"""A synthetic community: believable, reproducible from a seed, and nobody's real words."""
