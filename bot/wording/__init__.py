"""Sentences that answer what somebody did, in the markup of whichever surface they are said on."""
