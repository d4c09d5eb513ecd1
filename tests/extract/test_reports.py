"""Every report that ships: its header variants, and what its columns become."""

import json

import pytest
from extract_shop import Shop, tsv


def _names(text: str) -> list[str]:
    return text.split()


AMAZON_32 = _names(
    "amazon-order-id merchant-order-id purchase-date last-updated-date order-status "
    "fulfillment-channel sales-channel order-channel url ship-service-level product-name sku asin "
    "item-status quantity currency item-price item-tax shipping-price shipping-tax "
    "gift-wrap-price gift-wrap-tax item-promotion-discount ship-promotion-discount ship-city "
    "ship-state ship-postal-code ship-country promotion-ids is-business-order "
    "purchase-order-number price-designation"
)
AMAZON_35 = _names(
    "amazon-order-id merchant-order-id purchase-date last-updated-date order-status "
    "fulfillment-channel sales-channel order-channel ship-service-level product-name sku asin "
    "number-of-items item-status tax-collection-model tax-collection-responsible-party quantity "
    "currency item-price item-tax shipping-price shipping-tax gift-wrap-price gift-wrap-tax "
    "item-promotion-discount ship-promotion-discount address-type ship-city ship-state "
    "ship-postal-code ship-country promotion-ids is-business-order purchase-order-number "
    "price-designation"
)
WITHOUT_URL = [name for name in AMAZON_32 if name != "url"]
CPF_AT = WITHOUT_URL.index("promotion-ids") + 1
AMAZON_HEADERS = {
    "29": AMAZON_32[:29],
    "31": WITHOUT_URL,
    "32": AMAZON_32,
    "32 with cpf": [*WITHOUT_URL[:CPF_AT], "cpf", *WITHOUT_URL[CPF_AT:]],
    "33": [*AMAZON_32, "is-iba"],
    "35": AMAZON_35,
    "backwards": AMAZON_32[::-1],
    "shouted": [name.upper().replace("-", " ") for name in AMAZON_32],
}
AMAZON_ROW = {
    "amazon-order-id": "171-1",
    "merchant-order-id": "M-1",
    "purchase-date": "2025-06-17T08:04:21+00:00",
    "last-updated-date": "2025-06-18T22:07:59+00:00",
    "order-status": "Shipped",
    "fulfillment-channel": "Amazon",
    "sku": "SKU-1",
    "asin": "B1",
    "product-name": 'Pipe 5" wide',
    "item-status": "Cancelled",
    "quantity": "2",
    "currency": "AED",
    "item-price": "89.90",
    "item-tax": "4.50",
    "ship-city": "Dubai",
    "ship-country": "AE",
}
SELLER_RETURNS = (
    "Order ID|Order date|Return request date|Return request status|Amazon RMA ID|Merchant RMA ID|"
    "Label type|Label cost|Currency code|Return carrier|Tracking ID|Label to be paid by|"
    "A-to-Z Claim|Is prime|ASIN|Merchant SKU|Item Name|Return quantity|Return Reason|In policy|"
    "Return type|Resolution|Invoice number|Return delivery date|Order Amount|Order quantity|"
    "SafeT Action reason|SafeT claim id|SafeT claim state|SafeT claim creation time|"
    "SafeT claim reimbursement amount|Refunded Amount"
)
NOON_16 = (
    "id_partner,country_code,dest_country,item_nr,partner_sku,sku,status,offer_price,gmv_lcy,"
    "currency_code,brand_code,family,fulfillment_model,order_timestamp,shipment_timestamp,"
    "delivered_timestamp"
)


@pytest.mark.parametrize("variant", AMAZON_HEADERS)
def test_amazon_all_orders_in_every_header_that_is_in_circulation(shop: Shop, variant: str) -> None:
    header = AMAZON_HEADERS[variant]
    by_name = {name.lower().replace(" ", "-"): value for name, value in AMAZON_ROW.items()}
    cells = [by_name.get(name.lower().replace(" ", "-"), "") for name in header]
    shop.put("amazon_ae/orders.txt", tsv("|".join(header), "|".join(cells)))

    summary = shop.run()

    [row] = shop.rows("order_lines")
    assert row["layout"] == "amazon_all_orders"
    assert (row["sub_channel"], row["row_unit"]) == ("amazon_ae", "order_line")
    assert (row["order_id"], row["order_name"]) == ("171-1", "M-1")
    assert row["ordered_at"] == "2025-06-17T08:04:21+00:00"
    assert (row["order_status"], row["item_status"]) == ("Shipped", "Cancelled")
    assert (row["quantity"], row["line_amount"], row["currency"]) == ("2", "89.90", "AED")
    assert row["unit_price"] is None
    assert row["product_name"] == 'Pipe 5" wide'
    assert row["ship_country"] == "AE"
    extra = {
        name.lower().replace(" ", "-"): text for name, text in json.loads(row["_extra"]).items()
    }
    assert extra == {"item-tax": "4.50", "ship-city": "Dubai"}
    assert (row["_source_file"], row["_row_number"]) == ("amazon_ae/orders.txt", 2)
    assert row["_as_sent"] is None
    assert summary.warnings == []


def test_amazon_in_sale_report_of_16_and_of_23_columns(shop: Shop) -> None:
    shop.put(
        "amazon_in/cut.csv",
        "index,Order ID,Date,Status,Fulfilment,ship-service-level,Category,Size,Courier Status,"
        "Qty,Amount,ship-city,ship-state,ship-postal-code,B2B,fulfilled-by\r\n"
        "0,171-1,04-30-22,Cancelled,Merchant,Standard,Shirt,M,On the Way,0,337.14,C,S,1,FALSE,\r\n"
        "1,171-2,06/09/22,Shipped,Amazon,Expedited,Shirt,M,Shipped,1,544,C,S,1,FALSE,\r\n",
    )
    shop.put(
        "amazon_in/whole.csv",
        "index,Order ID,Date,Status,Fulfilment,Sales Channel ,ship-service-level,Style,SKU,"
        "Category,Size,ASIN,Courier Status,Qty,currency,Amount,ship-city,ship-state,"
        "ship-postal-code,ship-country,promotion-ids,B2B,fulfilled-by\n"
        "0,171-3,05-13-22,Shipped,Merchant,Amazon.in,Standard,JNE1,JNE1-KR-L,kurta,L,B09,,1,INR,"
        '406,C,S,1,IN,"IN Core, Free Shipping, 2015",FALSE,Easy Ship\n',
    )

    summary = shop.run()

    assert shop.rows("order_lines", "order_id", "ordered_at", "sku", "quantity", "line_amount") == [
        ("171-1", "2022-04-30", None, "0", "337.14"),
        ("171-3", "2022-05-13", "JNE1-KR-L", "1", "406"),
    ]
    assert shop.rows("order_lines", "order_status", "item_status") == [
        ("Cancelled", None),
        ("Shipped", None),
    ]
    first, second = shop.rows("order_lines")
    assert json.loads(first["_as_sent"]) == {"ordered_at": "04-30-22"}
    assert json.loads(first["_extra"])["Courier Status"] == "On the Way"
    assert json.loads(second["_extra"])["promotion-ids"] == "IN Core, Free Shipping, 2015"
    [reject] = shop.rows("rejects")
    assert (reject["reason_code"], reject["field"]) == ("ambiguous_date", "Date")
    assert reject["raw_text"].startswith("1,171-2,06/09/22,")
    assert reject["_row_number"] == 3
    assert summary.warnings == []


def _returned(**cells: str) -> str:
    by_name = {name.replace(" ", "_"): name for name in SELLER_RETURNS.split("|")}
    named = {by_name[key]: value for key, value in cells.items()}
    return "|".join(named.get(name, "") for name in SELLER_RETURNS.split("|"))


def _row(order: str, **cells: str) -> str:
    known = {"Order_ID": order, "Return_request_date": "14-Jul-2025", "Return_quantity": "1"}
    return _returned(**(known | cells))


def test_amazon_seller_returns_with_a_short_row(shop: Shop) -> None:
    row = _row(
        "111-1",
        Amazon_RMA_ID="DRMA",
        Merchant_RMA_ID=" ",
        Return_quantity="2",
        Label_cost="4.14",
        Currency_code="USD",
        ASIN="B1",
        Merchant_SKU="SKU-1",
        Return_Reason="CR-TOO-SMALL",
        Return_type="C-Returns",
        Resolution="StandardRefund",
        Order_Amount="21.38",
    )
    shop.put("amazon_za/returns.tsv", tsv(SELLER_RETURNS, row.rstrip("|")))

    shop.run()

    [landed] = shop.rows("return_lines")
    assert (landed["layout"], landed["implies_refund"]) == ("amazon_seller_returns", False)
    assert (landed["order_id"], landed["return_id"]) == ("111-1", "DRMA")
    assert (landed["requested_at"], landed["received_at"]) == ("2025-07-14", None)
    assert (landed["quantity"], landed["refund_amount"], landed["currency"]) == ("2", None, None)
    assert landed["reason"] == "CR-TOO-SMALL"
    assert json.loads(landed["_as_sent"]) == {"requested_at": "14-Jul-2025"}
    # The label's currency is not the refund's.
    assert json.loads(landed["_extra"])["Currency code"] == "USD"


def test_amazon_seller_returns_settle_the_decimal_style_file_by_file(shop: Shop) -> None:
    shop.put(
        "amazon_za/comma.tsv",
        tsv(
            SELLER_RETURNS,
            _row("C-1", Refunded_Amount="21,38", Return_request_date="02-Fev-2025"),
            _row("C-2", Refunded_Amount="1.021,38", Return_request_date="03-SET-2025"),
            _row("C-3", Refunded_Amount="7"),
            _row("C-4", Refunded_Amount="1.234"),
        ),
    )
    shop.put(
        "amazon_za/dot.tsv",
        tsv(
            SELLER_RETURNS,
            _row("D-1", Refunded_Amount="21.38"),
            _row("D-2", Refunded_Amount="1,021.38"),
            _row("D-3", Refunded_Amount="9,50"),
        ),
    )

    summary = shop.run()

    assert shop.rows("return_lines", "order_id", "refund_amount", "requested_at") == [
        ("C-1", "21.38", "2025-02-02"),
        ("C-2", "1021.38", "2025-09-03"),
        ("C-3", "7", "2025-07-14"),
        ("D-1", "21.38", "2025-07-14"),
        ("D-2", "1021.38", "2025-07-14"),
    ]
    assert shop.rows("rejects", "reason_code", "field", "_source_file", "_row_number") == [
        ("bad_number", "Refunded Amount", "amazon_za/comma.tsv", 5),
        ("bad_number", "Refunded Amount", "amazon_za/dot.tsv", 4),
    ]
    assert [text.split(":")[0] for text in summary.warnings] == [
        "amazon_za/comma.tsv",
        "amazon_za/dot.tsv",
    ]
    assert "2 with a dot and 1 with a comma" in summary.warnings[1]
    as_sent = [json.loads(text) for (text,) in shop.rows("return_lines", "_as_sent")]
    assert as_sent[0] == {"refund_amount": "21,38", "requested_at": "02-Fev-2025"}


@pytest.mark.parametrize("order_header", ["order-id", "amazon-order-id"])
def test_amazon_fba_returns_are_refunds_by_themselves(shop: Shop, order_header: str) -> None:
    shop.put(
        "amazon_ae/fba.tsv",
        tsv(
            f"return-date|{order_header}|sku|asin|fnsku|product-name|quantity|"
            "fulfillment-center-id|detailed-disposition|reason|status|license-plate-number|"
            "customer-comments",
            "2025-06-05T15:31:40+00:00|111-2|SKU-2|B2|X2|Pad|1|LEX1|CUSTOMER_DAMAGED|"
            "NOT_COMPATIBLE|IMMEDIATE_DONATION|LPN1|too small",
        ),
    )
    shop.run()
    [row] = shop.rows("return_lines")
    assert (row["layout"], row["implies_refund"]) == ("amazon_fba_returns", True)
    assert (row["order_id"], row["return_line_id"]) == ("111-2", "LPN1")
    assert (row["received_at"], row["requested_at"]) == ("2025-06-05T15:31:40+00:00", None)
    assert (row["reason"], row["reason_note"]) == ("NOT_COMPATIBLE", "too small")
    assert json.loads(row["_extra"])["detailed-disposition"] == "CUSTOMER_DAMAGED"


@pytest.mark.parametrize("variant", ["16", "18", "11", "16 saved as text"])
def test_noon_rows_are_units_of_a_derived_order(shop: Shop, variant: str) -> None:
    values = {
        "country_code": "AE",
        "dest_country": "AE",
        "item_nr": "NAE100-2",
        "partner_sku": "BLUE",
        "sku": "noon_1",
        "status": "Delivered",
        "offer_price": "",
        "gmv_lcy": "0.00",
        "currency_code": "KWD",
        "order_timestamp": "2026/2/1",
        "delivered_timestamp": "2026-02-03 10:00",
    }
    header = NOON_16.split(",")
    if variant == "18":
        header = ["id_partner", "src_country", *header[1:3], "bayan_nr", *header[3:]]
    if variant == "11":
        header = list(values)
    separator = "\t" if variant == "16 saved as text" else ","
    rows = [separator.join(header), separator.join(values.get(name, "") for name in header)]
    shop.put("noon_ae/sales.csv", "\ufeff" + "\r\n".join(rows) + "\r\n")

    shop.run()

    [row] = shop.rows("order_lines")
    assert (row["layout"], row["row_unit"], row["quantity"]) == ("noon_sales", "unit", "1")
    assert (row["order_id"], row["order_line_id"]) == ("NAE100", "NAE100-2")
    assert (row["sku"], row["product_id"], row["item_status"]) == ("BLUE", "noon_1", "Delivered")
    assert (row["unit_price"], row["line_amount"], row["currency"]) == (None, "0.00", "KWD")
    assert row["ordered_at"] == "2026-02-01"
    assert row["delivered_at"] == "2026-02-03T10:00:00"


def test_onbuy_orders_and_refunds(shop: Shop) -> None:
    shop.put(
        "onbuy/orders.csv",
        "order_id,date,status,currency_code,price_total,buyer.name,buyer.email,"
        "products[].onbuy_internal_reference,products[].name,products[].sku,"
        "products[].unit_price,products[].quantity\n"
        'T9,2025-05-01 10:00:00,Dispatched,GBP,30.00,N,n@x,7,"Lamp, blue",LB,12.50,2\n',
    )
    shop.put(
        "onbuy/refunds.csv",
        "order_id,order_refund_reason_id,delivery,seller_note,customer_note,"
        "items.onbuy_internal_reference,items.amount,refunded_at\n"
        "T9,1,2.99,,late,7,12.50,2025-05-20\n",
    )
    shop.run()
    [order] = shop.rows("order_lines")
    assert (order["layout"], order["product_name"], order["sku"]) == (
        "onbuy_orders",
        "Lamp, blue",
        "LB",
    )
    assert (order["quantity"], order["unit_price"], order["line_amount"]) == ("2", "12.50", None)
    assert json.loads(order["_extra"]) == {"price_total": "30.00"}
    [refund] = shop.rows("return_lines")
    assert (refund["layout"], refund["implies_refund"]) == ("onbuy_refunds", True)
    assert (refund["refund_amount"], refund["reason"], refund["quantity"]) == ("12.50", "1", None)
    # Delivery money would repeat on each row of the order.
    assert refund["shipping_refund_amount"] is None
    assert json.loads(refund["_extra"]) == {"delivery": "2.99"}


def test_walmart_orders_and_returns_never_take_the_order_total_for_a_line(shop: Shop) -> None:
    shop.put(
        "walmart_ca/orders.tsv",
        tsv(
            "purchaseOrderId|customerOrderId|orderDate|lineNumber|item.sku|item.productName|"
            "orderLineQuantity.amount|charges.chargeAmount.amount|charges.chargeAmount.currency|"
            "customerEmailId|orderLineStatuses.status",
            "PO1|CO1|2025-05-01T10:00:00Z|1|SKU-1|Kettle|2|40.00|CAD|a@x|Shipped",
        ),
    )
    shop.put(
        "walmart_ca/returns.tsv",
        tsv(
            "returnOrderId|customerOrderId|returnOrderDate|totalRefundAmount.currencyAmount|"
            "returnOrderLineNumber|purchaseOrderId|purchaseOrderLineNumber|item.sku|"
            "quantity.measurementValue|refundedQty|charges.chargePerUnit|isKeepIt|returnReason|"
            "refundChannel|status|returnType|unitPrice.currencyUnit",
            "R1|CO1|2025-05-09|60.00|1|PO1|1|SKU-1|2|1|20.00|true|DEFECTIVE|"
            "SELLER_AUTO_REFUND|COMPLETED|REFUND|CAD",
        ),
    )
    shop.run()
    [order] = shop.rows("order_lines")
    assert (order["order_id"], order["order_name"], order["order_line_id"]) == ("PO1", "CO1", "1")
    assert (order["ordered_at"], order["line_amount"]) == ("2025-05-01T10:00:00+00:00", "40.00")
    [line] = shop.rows("return_lines")
    assert (line["refund_amount"], line["unit_refund_amount"]) == (None, "20.00")
    assert (line["quantity"], line["refunded_quantity"], line["keeps_item"]) == ("2", "1", "true")
    assert (line["order_id"], line["order_line_id"], line["currency"]) == ("PO1", "1", "CAD")
    assert json.loads(line["_extra"])["totalRefundAmount.currencyAmount"] == "60.00"


def test_generic_reports_take_our_own_names_in_any_sub_channel(shop: Shop) -> None:
    shop.put(
        "noon_ae/returns.csv",
        "order_id;requested_at;refund_amount;currency;reason;rack\n1;2026-02-01;5.00;AED;wrong;A7\n",
    )
    shop.put("amazon_sa/orders.tsv", tsv("sku|quantity|order_id|ordered_at", "A|1|9|2026-01-01"))

    summary = shop.run()

    [line] = shop.rows("return_lines")
    assert (line["layout"], line["implies_refund"], line["reason"]) == (
        "generic_returns",
        False,
        "wrong",
    )
    assert json.loads(line["_extra"]) == {"rack": "A7"}
    assert summary.warnings == [
        "noon_ae/returns.csv: columns that generic_returns does not know were kept in _extra: rack"
    ]
    assert shop.rows("order_lines", "layout", "order_id") == [("generic_orders", "9")]


def test_a_ledger_tells_sales_cancellations_and_adjustments_apart(shop: Shop) -> None:
    shop.put(
        "onbuy/ledger.tsv",
        tsv(
            "InvoiceNo|StockCode|Description|Quantity|InvoiceDate|UnitPrice|CustomerID|Country",
            "536365|85123A|HOLDER|6|2010-12-01 08:26:00|2.55|17850.0|United Kingdom",
            "C536379|D|Discount|-1|2010-12-01 09:41:00|27.5|14527.0|United Kingdom",
            "536589|21777||-10|2010-12-01 16:50:00|0.0||United Kingdom",
        ),
    )
    shop.run()
    assert shop.rows("ledger_lines", "entry_kind", "document_id", "quantity", "buyer_id") == [
        ("sale", "536365", "6", "17850.0"),
        ("cancellation", "C536379", "-1", "14527.0"),
        ("other", "536589", "-10", None),
    ]
    [file] = shop.rows("files")
    assert (file["first_day"], file["last_day"]) == ("2010-12-01", "2010-12-01")
    assert shop.rows("ledger_lines", "occurred_at", "_as_sent")[0] == ("2010-12-01T08:26:00", None)
