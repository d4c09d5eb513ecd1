"""The return reasons of the demo shop: definitions of Shopify's, and two that are its own."""

from typing import Any

_DEFINITIONS = (
    (1, "Unknown", "unknown", "UNKNOWN"),
    (2, "Changed my mind", "changed-my-mind", "UNWANTED"),
    (3, "Item not as described", "item-not-as-described", "NOT_AS_DESCRIBED"),
    (4, "Received the wrong item", "received-the-wrong-item", "WRONG_ITEM"),
    (5, "Other reason", "other-reason", "OTHER"),
    (6, "Damaged or defective", "damaged-or-defective", "DEFECTIVE"),
    (7, "Too small", "too-small", "SIZE_TOO_SMALL"),
    (8, "Too big", "too-big", "SIZE_TOO_LARGE"),
    (9, "Style", "style", "STYLE"),
    (10, "Color", "color", "COLOR"),
    (24, "Arrived late", "arrived-late", None),
    (41, "Budget", "budget", None),
    (102, "Fit", "fit", None),
    (220, "Size", "size", None),
    (223, "Sound quality", "sound-quality", None),
    (389, "Ordered wrong item", "ordered-wrong-item", None),
    (402, "Quality", "quality", None),
    (470, "Delivery issue", "delivery-issue", None),
    (501, "Missing parts", "missing-parts", None),
    (502, "Poor quality", "poor-quality", None),
)

DEFINITIONS: tuple[dict[str, Any], ...] = tuple(
    {
        "__typename": "ReturnReasonDefinition",
        "id": f"gid://shopify/ReturnReasonDefinition/{number}",
        "handle": handle,
        "name": name,
        "deleted": handle == "sound-quality",
    }
    for number, name, handle, _ in _DEFINITIONS
)

BY_HANDLE = {one["handle"]: one for one in DEFINITIONS}

LEGACY = {handle: legacy or "UNKNOWN" for _, _, handle, legacy in _DEFINITIONS}
"""The deprecated enumeration by handle. What Shopify answers for handles without one is not
established; the demo shop answers UNKNOWN."""
