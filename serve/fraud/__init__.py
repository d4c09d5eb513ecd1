"""The report of return fraud candidates: a queue for review, never an action."""
