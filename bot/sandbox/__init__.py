"""A stand-in Slack on loopback, with a plain web page: for the demo and the tests."""
