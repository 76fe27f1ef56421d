"""A stand-in phone network with Twilio's wire: texts out, texts in, and everything that carriers do to them."""
