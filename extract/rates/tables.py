"""The raw tables of source `rates`."""

from extract.tables import RawTable, texts

SOURCE_NAME = "rates"

# Long form: one row per day and currency that the ECB published, quoted per 1 EUR.
ECB_RATES = RawTable("ecb_rates", texts("rate_date", "currency", "units_per_eur"))
# The owner's own file, for currencies that the ECB does not quote. A run holds the whole file.
OWNER_RATES = RawTable("owner_rates", texts("rate_date", "currency", "usd_per_unit"))
TABLES = (ECB_RATES, OWNER_RATES)
