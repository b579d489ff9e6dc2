"""Instruments: what is asked, in which order, how it is scored, and under which licence."""
