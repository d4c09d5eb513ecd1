"""Marketplace report files: a drop folder with one subfolder a sub-channel, read by layout maps."""
