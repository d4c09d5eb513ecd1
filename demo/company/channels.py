"""Where the made-up company sells: seven marketplaces, its Shopify shop and desertcart."""

from collections.abc import Mapping
from dataclasses import dataclass, field

CURRENCY_DECIMALS = {
    **dict.fromkeys(
        ("AED", "SAR", "INR", "ZAR", "GBP", "CAD", "USD", "QAR", "EGP", "EUR", "PKR", "TRY"), 2
    ),
    **dict.fromkeys(("KWD", "BHD", "OMR", "JOD", "TND"), 3),
    **dict.fromkeys(("JPY", "KRW"), 0),
}
"""Digits after the point. Amounts of the truth are whole numbers of the smallest unit."""

UNITS_PER_USD = {
    "AED": 3.6725,
    "SAR": 3.75,
    "INR": 84.0,
    "ZAR": 18.2,
    "GBP": 0.78,
    "CAD": 1.37,
    "USD": 1.0,
    "QAR": 3.64,
    "EGP": 48.5,
    "EUR": 0.92,
    "PKR": 279.0,
    "TRY": 38.0,
    "KWD": 0.307,
    "BHD": 0.376,
    "OMR": 0.3845,
    "JOD": 0.709,
    "TND": 3.1,
    "JPY": 150.0,
    "KRW": 1370.0,
}
"""Rough price levels that list prices are set by. Never used to convert anything."""


@dataclass(frozen=True)
class SubChannel:
    """One place of sale and how its customers behave.

    `lines_share` is relative to the number that the command line asks for. Shares and rates are
    fractions of one. Hours are from order to shipment and from shipment to delivery. `currencies`
    maps (currency, country) to its share of the orders.
    """

    number: int
    code: str
    channel: str
    label: str
    lines_share: float
    currencies: Mapping[tuple[str, str], float]
    order_id_style: str
    vocabulary: str
    price_factor: float = 1.0
    return_factor: float = 1.0
    platform_fulfilled_share: float = 0.0
    cancelled_share: float = 0.025
    line_cancelled_share: float = 0.01
    undelivered_share: float = 0.004
    replacement_share: float = 0.0
    refund_only_share: float = 0.07
    declined_share: float = 0.03
    partial_share: float = 0.06
    unmapped_share: float = 0.0
    arabic_share: float = 0.0
    guest_share: float = 0.0
    knows_customers: bool = False
    amount_blank_share: float = 0.0
    shipping_fee: float = 0.0
    weekday_weights: tuple[int, ...] = field(default=(100, 97, 98, 102, 106, 118, 121))

    @property
    def home_currency(self) -> str:
        """Return the currency of most orders."""
        return max(self.currencies.items(), key=lambda item: item[1])[0][0]


_DESERTCART = {
    ("AED", "AE"): 0.37,
    ("SAR", "SA"): 0.15,
    ("KWD", "KW"): 0.02,
    ("QAR", "QA"): 0.07,
    ("BHD", "BH"): 0.05,
    ("OMR", "OM"): 0.06,
    ("JOD", "JO"): 0.03,
    ("EGP", "EG"): 0.04,
    ("INR", "IN"): 0.04,
    ("PKR", "PK"): 0.02,
    ("ZAR", "ZA"): 0.04,
    ("GBP", "GB"): 0.03,
    ("EUR", "DE"): 0.02,
    ("USD", "US"): 0.02,
    ("TRY", "TR"): 0.01,
    ("JPY", "JP"): 0.01,
    ("KRW", "KR"): 0.01,
    ("TND", "TN"): 0.01,
}

_WEEKEND_FRIDAY = (104, 101, 99, 98, 112, 122, 108)

SUB_CHANNELS = (
    SubChannel(
        0,
        "amazon_ae",
        "marketplace",
        "Amazon.ae",
        0.22,
        {("AED", "AE"): 1.0},
        "amazon",
        "amazon",
        platform_fulfilled_share=0.55,
        replacement_share=0.05,
        amount_blank_share=0.40,
        shipping_fee=3.0,
        weekday_weights=_WEEKEND_FRIDAY,
    ),
    SubChannel(
        1,
        "amazon_sa",
        "marketplace",
        "Amazon.sa",
        0.13,
        {("SAR", "SA"): 1.0},
        "amazon",
        "amazon",
        return_factor=1.1,
        undelivered_share=0.014,
        replacement_share=0.05,
        amount_blank_share=0.40,
        shipping_fee=3.0,
        weekday_weights=_WEEKEND_FRIDAY,
    ),
    SubChannel(
        2,
        "amazon_in",
        "marketplace",
        "Amazon.in",
        0.19,
        {("INR", "IN"): 1.0},
        "amazon",
        "amazon",
        price_factor=0.55,
        return_factor=1.15,
        platform_fulfilled_share=0.50,
        undelivered_share=0.020,
        replacement_share=0.08,
        amount_blank_share=0.40,
        shipping_fee=0.5,
    ),
    SubChannel(
        3,
        "amazon_za",
        "marketplace",
        "Amazon.co.za",
        0.08,
        {("ZAR", "ZA"): 1.0},
        "amazon",
        "amazon",
        price_factor=0.9,
        return_factor=0.9,
        replacement_share=0.04,
        amount_blank_share=0.40,
        shipping_fee=2.5,
    ),
    SubChannel(
        4,
        "noon_ae",
        "marketplace",
        "Noon UAE",
        0.15,
        {("AED", "AE"): 0.97, ("KWD", "KW"): 0.03},
        "noon",
        "text",
        price_factor=0.97,
        return_factor=1.05,
        undelivered_share=0.012,
        unmapped_share=0.012,
        arabic_share=0.35,
        amount_blank_share=0.04,
        shipping_fee=3.0,
        weekday_weights=_WEEKEND_FRIDAY,
    ),
    SubChannel(
        5,
        "onbuy",
        "marketplace",
        "OnBuy",
        0.10,
        {("GBP", "GB"): 1.0},
        "onbuy",
        "text",
        return_factor=0.8,
        line_cancelled_share=0.0,
        unmapped_share=0.012,
        arabic_share=0.03,
        guest_share=0.06,
        knows_customers=True,
        shipping_fee=4.0,
    ),
    SubChannel(
        6,
        "walmart_ca",
        "marketplace",
        "Walmart Canada",
        0.13,
        {("CAD", "CA"): 1.0},
        "walmart",
        "walmart",
        return_factor=0.85,
        replacement_share=0.02,
        knows_customers=True,
        shipping_fee=5.0,
    ),
    SubChannel(
        7,
        "hewyn",
        "shopify",
        "Hewyn",
        0.25,
        {("AED", "AE"): 1.0},
        "shopify",
        "shopify",
        price_factor=1.05,
        guest_share=0.08,
        knows_customers=True,
        shipping_fee=4.0,
        weekday_weights=_WEEKEND_FRIDAY,
    ),
    SubChannel(
        8,
        "desertcart",
        "desertcart",
        "desertcart",
        0.50,
        _DESERTCART,
        "desertcart",
        "text",
        price_factor=1.1,
        return_factor=0.85,
        undelivered_share=0.008,
        unmapped_share=0.010,
        arabic_share=0.20,
        guest_share=0.01,
        knows_customers=True,
        shipping_fee=6.0,
        weekday_weights=_WEEKEND_FRIDAY,
    ),
)

BY_CODE = {sub_channel.code: sub_channel for sub_channel in SUB_CHANNELS}
MARKETPLACES = tuple(one for one in SUB_CHANNELS if one.channel == "marketplace")
