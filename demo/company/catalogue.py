"""The products of the made-up company, shared by all places of sale under one SKU."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from demo.company.draws import draws

CLASSES = 4
"""Products are dealt into four classes of about equal demand. The lines of one order each draw from
a different class, so an order never holds the same SKU twice unless a story plants it."""


@dataclass(frozen=True)
class Category:
    """A product family.

    `return_rate` is the share of delivered lines that come back, before channel and product
    factors. Prices are the lowest and highest list price in USD. `reasons` names the mix of
    reasons that its customers give.
    """

    code: str
    name: str
    return_rate: float
    prices: tuple[float, float]
    reasons: str
    brands: tuple[str, ...]
    things: tuple[str, ...]
    variants: tuple[str, ...]


@dataclass(frozen=True)
class Product:
    """One SKU. `list_price_usd` is a level, each channel prices in its own currency."""

    number: int
    sku: str
    name: str
    category: Category
    brand: str
    list_price_usd: float
    return_rate: float
    reasons: str
    demand: float
    product_class: int


_COLOURS = ("Black", "White", "Navy", "Sand", "Olive")
_SIZES = ("Size S", "Size M", "Size L", "Size XL", "Size XXL")
_SHOE_SIZES = ("EU 38", "EU 40", "EU 42", "EU 44", "EU 45")
_PACKS = ("Single", "Pack of 2", "Pack of 3", "Pack of 6", "Gift box")

CATEGORIES = (
    Category(
        "ELE",
        "Electronics",
        0.080,
        (9, 120),
        "device",
        ("Voltara", "Nimbrix", "Pulsen"),
        (
            "Wireless earbuds",
            "Bluetooth speaker",
            "Smart plug",
            'Monitor arm 17"-32"',
            "Fast charger 65 W",
            "Power bank 20000 mAh",
        ),
        _COLOURS,
    ),
    Category(
        "COM",
        "Computer accessories",
        0.070,
        (7, 95),
        "device",
        ("Keyforge", "Nimbrix", "Datavale"),
        (
            "Mechanical keyboard",
            "Silent mouse",
            "USB-C hub 7 in 1",
            'Laptop sleeve 15.6"',
            "Webcam 1080p",
            "Laptop stand",
        ),
        _COLOURS,
    ),
    Category(
        "KIT",
        "Kitchen",
        0.050,
        (5, 90),
        "household",
        ("Copperleaf", "Maison Tarrel", "Oakspoon"),
        (
            'Frying pan 10"',
            "Café press 1 l",
            "Crème brûlée ramekins",
            "Chef's knife",
            "Glass storage boxes",
            "Electric kettle 1.7 l",
        ),
        _PACKS,
    ),
    Category(
        "HOM",
        "Home decor",
        0.055,
        (6, 110),
        "household",
        ("Lindwell", "Maison Tarrel", "Harbourlight"),
        (
            "Linen cushion cover",
            "Table lamp",
            "Wall clock",
            'Photo frame 8" x 10"',
            "Blackout curtain",
            "Jute rug",
        ),
        _COLOURS,
    ),
    Category(
        "BEA",
        "Beauty",
        0.030,
        (4, 60),
        "consumable",
        ("Rosavine", "Derma Nord", "Sable & Mint"),
        (
            "Vitamin C serum",
            "Crème de nuit 50 ml",
            "Argan shampoo",
            "Lip balm",
            "Sunscreen SPF 50",
            "Clay mask",
        ),
        _PACKS,
    ),
    Category(
        "APP",
        "Apparel",
        0.130,
        (8, 80),
        "clothing",
        ("Weftline", "Tamarisk", "Northloom"),
        ("Cotton T-shirt", "Linen shirt", "Chino trousers", "Hooded jacket", "Abaya", "Kurta"),
        _SIZES,
    ),
    Category(
        "SHO",
        "Shoes",
        0.140,
        (15, 110),
        "footwear",
        ("Stridewell", "Tamarisk", "Cobblane"),
        ("Running shoes", "Leather sandals", "Trekking boots", "Loafers", "Slippers", "Sneakers"),
        _SHOE_SIZES,
    ),
    Category(
        "TOY",
        "Toys",
        0.050,
        (5, 70),
        "household",
        ("Puzzlewick", "Tiny Harbour", "Brickadoo"),
        (
            "Wooden train set",
            "Jigsaw 1000 pieces",
            "Building blocks",
            "Plush bear",
            "Science kit",
            "Board game",
        ),
        _PACKS,
    ),
    Category(
        "SPO",
        "Sports",
        0.060,
        (6, 130),
        "household",
        ("Corefield", "Stridewell", "Altivo"),
        (
            "Yoga mat 6 mm",
            "Dumbbell pair 5 kg",
            "Resistance bands",
            "Cycling bottle",
            'Swim fins 11"',
            "Camping lantern",
        ),
        _COLOURS,
    ),
    Category(
        "BAB",
        "Baby",
        0.035,
        (5, 95),
        "consumable",
        ("Little Quay", "Dovelet", "Tiny Harbour"),
        (
            "Baby bottle 260 ml",
            "Muslin swaddle",
            "Nappy bag",
            "Silicone bibs",
            "Night light",
            "Teething ring",
        ),
        _PACKS,
    ),
    Category(
        "PET",
        "Pet supplies",
        0.030,
        (4, 65),
        "consumable",
        ("Pawmarket", "Whiskerby", "Fetchley"),
        (
            "Cat litter mat",
            "Dog lead 1.5 m",
            "Scratching post",
            "Slow feeder bowl",
            "Cat tunnel",
            "Grooming brush",
        ),
        _COLOURS,
    ),
    Category(
        "STA",
        "Stationery",
        0.020,
        (3, 40),
        "consumable",
        ("Inkwell Row", "Papermoor", "Datavale"),
        (
            "Dotted notebook A5",
            "Gel pens \N{EN DASH} fine ½ mm",
            "Desk organiser",
            "Weekly planner",
            "Fountain pen",
            "Sticky notes",
        ),
        _PACKS,
    ),
)

_BY_CODE = {category.code: category for category in CATEGORIES}
_PER_CATEGORY = 30

DEFECTIVE_SKU = "ELE-9001-BLK"
MISLISTED_SKU = "HOM-9002-SND"
DEFECTIVE_RATE = 0.35
MISLISTED_RATE = 0.24


def build_catalogue(seed: int, *, with_stories: bool = True) -> list[Product]:
    """Return every product, in the order of its number.

    Names and SKUs do not depend on the seed; prices, demand and return rates do. Without stories
    the two troubled products are ordinary ones.
    """
    drawn = [_drawn_product(seed, number) for number in range(_PER_CATEGORY * len(CATEGORIES))]
    troubled = [
        _troubled_product(
            len(drawn),
            DEFECTIVE_SKU,
            "Pulsen Travel hair dryer, Black",
            (_BY_CODE["ELE"], DEFECTIVE_RATE, "defective"),
            with_stories,
        ),
        _troubled_product(
            len(drawn) + 1,
            MISLISTED_SKU,
            "Lindwell Velvet throw 150 x 200 cm, Sand",
            (_BY_CODE["HOM"], MISLISTED_RATE, "mislisted"),
            with_stories,
        ),
    ]
    return _dealt(drawn + troubled)


def product_by_sku(products: Iterable[Product], sku: str) -> Product:
    """Return the product of a SKU; KeyError when nobody sells it."""
    for product in products:
        if product.sku == sku:
            return product
    raise KeyError(sku)


def _drawn_product(seed: int, number: int) -> Product:
    category = CATEGORIES[number // _PER_CATEGORY]
    place = number % _PER_CATEGORY
    thing = category.things[place % len(category.things)]
    variant = category.variants[place // len(category.things)]
    brand = category.brands[place % len(category.brands)]
    drawn = draws(seed, "product", number)
    low, high = category.prices
    # Squared, because most of a category sells near its lower end.
    price = low + (high - low) * (drawn[0] / 65536) ** 2
    return Product(
        number=number,
        sku=f"{category.code}-{1000 + number}-{_abbreviated(variant)}",
        name=f"{brand} {thing}, {variant}",
        category=category,
        brand=brand,
        list_price_usd=price,
        return_rate=category.return_rate * (0.8 + 0.45 * drawn[1] / 65536),
        reasons=category.reasons,
        demand=0.0,
        product_class=0,
    )


def _troubled_product(
    number: int,
    sku: str,
    name: str,
    trouble: tuple[Category, float, str],
    with_stories: bool,
) -> Product:
    category, rate, reasons = trouble
    return Product(
        number=number,
        sku=sku,
        name=name,
        category=category,
        brand=name.split(" ", 1)[0],
        list_price_usd=34.0,
        return_rate=rate if with_stories else category.return_rate,
        reasons=reasons if with_stories else category.reasons,
        demand=0.0,
        product_class=0,
    )


def _dealt(products: list[Product]) -> list[Product]:
    """Give every product its demand (rank to the power -0.8) and its class.

    The two last products keep a fixed middling rank, so that their stories do not hang on luck.
    """
    fixed = {products[-2].number: 12, products[-1].number: 20}
    shuffled = sorted(
        (product for product in products if product.number not in fixed),
        key=lambda product: draws(0, "demand", product.number)[0],
    )
    for number, rank in sorted(fixed.items(), key=lambda item: item[1]):
        shuffled.insert(rank, products[number])
    dealt = []
    for rank, product in enumerate(shuffled):
        lap, place = divmod(rank, CLASSES)
        dealt.append(
            replace(
                product,
                demand=(rank + 3) ** -0.8,
                # There and back, so that no class gets the best of every round.
                product_class=place if lap % 2 == 0 else CLASSES - 1 - place,
            )
        )
    return sorted(dealt, key=lambda product: product.number)


def _abbreviated(variant: str) -> str:
    """Return a few letters for a variant: BLK, XL, 42, P6."""
    colours = {"White": "WHT", "Black": "BLK", "Navy": "NVY", "Sand": "SND", "Olive": "OLV"}
    packs = {"Single": "P1", "Gift box": "GFT"}
    if short := colours.get(variant) or packs.get(variant):
        return short
    kind, _, last = variant.rpartition(" ")
    return f"P{last}" if kind == "Pack of" else last
