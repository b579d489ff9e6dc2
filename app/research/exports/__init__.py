"""Exports: one writer a format, all fed by the same rows and held against the same hashes."""
