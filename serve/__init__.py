"""What stands behind the marts: build, check, publish, and say what came out of it."""
