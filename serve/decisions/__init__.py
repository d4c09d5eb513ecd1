"""What people decide on orders: the log they write to, and the queue that they work."""
