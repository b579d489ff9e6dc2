"""Charts of shown parts: what they say in words, which belong in one, and their drawing."""
