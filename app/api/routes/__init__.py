"""One file a resource: who, what, and the one act."""
