"""The attacker as a test: what someone with bad intent would try on what a study gives out."""
