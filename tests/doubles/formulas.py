"""Cells that a spreadsheet, or what cleans up for one, may run: every beginning that is dangerous."""

FORMULA_SIGNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""The last four are the wide ones of East Asian keyboards."""
UNSEEN = ("", " ", "\t", "\n", "\r", "\r\n", "\xa0", "\u3000", "\u200b", "\ufeff", "\u2060", "\ufe0f", "\x00", "\u3164", " \u200b\n")
"""What may stand before one of them without being seen."""
FORMULAS = tuple(f"{unseen}{sign}2+2" for sign in FORMULA_SIGNS for unseen in UNSEEN)
WIDE = tuple(f"{sign}2+2" for sign in FORMULA_SIGNS[4:])
"""Those of them that stay as they are where text from outside is cleaned."""
STORABLE_FORMULAS = tuple(each for each in FORMULAS if "\0" not in each)
