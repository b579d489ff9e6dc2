"""The database role that reads for research: granted columns of schema `research`, nothing else."""

from typing import Final

ROLE: Final = "alongside_research"
