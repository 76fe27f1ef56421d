"""A lead does not wait: what nobody claims or answers escalates, on other ways too where chat is down."""
