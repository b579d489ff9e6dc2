"""Alongside: a peer-support community with its evaluation built in."""
