"""The measures of an evaluation: declared once each, computed from a frozen dataset."""
