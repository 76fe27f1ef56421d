"""The Web API methods of the stand-in Slack, a file for each family."""
