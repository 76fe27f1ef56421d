"""A lead comes in, from whatever source: taken once, understood or shown to a person, and asked back where it was a bad one."""
