"""Bringing Alongside up on one machine, and keeping it up."""
