"""The raw table of source `rates`."""

from extract.tables import RawTable, texts

SOURCE_NAME = "rates"

# Long form: one row per day and currency that the ECB published, quoted per 1 EUR.
ECB_RATES = RawTable("ecb_rates", texts("rate_date", "currency", "units_per_eur"))
TABLES = (ECB_RATES,)
