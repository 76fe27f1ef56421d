"""A stand-in phone network with Twilio's wire: texts and calls out and in, and everything that carriers do to them."""
