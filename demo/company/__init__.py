"""The made-up company: its period, its places of sale, its products, its orders and its stories."""

from demo.company.channels import BY_CODE, MARKETPLACES, SUB_CHANNELS, SubChannel
from demo.company.generator import Chunk, Company
from demo.company.period import AS_OF, FIRST_DAY, LAST_DAY

__all__ = [
    "AS_OF",
    "BY_CODE",
    "FIRST_DAY",
    "LAST_DAY",
    "MARKETPLACES",
    "SUB_CHANNELS",
    "Chunk",
    "Company",
    "SubChannel",
]
