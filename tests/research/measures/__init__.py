"""Measures: what each finds in small files made here, worked out by hand or published elsewhere."""
