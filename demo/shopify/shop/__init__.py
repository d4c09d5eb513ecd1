"""What the demo shop knows: its orders as drafts, worded as the objects of the Admin API."""
