"""The made-up company that the warehouse is shown and tested with.

`write_marketplace` writes the drop folder of its marketplaces, `truth` writes what a warehouse
built on that folder must find. Same seed and size, same bytes.
"""

from demo.api import Outcome, truth, write_marketplace
from demo.errors import DemoError

__all__ = ["DemoError", "Outcome", "truth", "write_marketplace"]
