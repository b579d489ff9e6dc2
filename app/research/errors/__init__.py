"""What can go wrong in research, by noun, in words that say what to do next."""
