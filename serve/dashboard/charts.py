"""The charts of the live pages and of the static export, made by the same functions.

Every title names its unit and its clock. Colours are those of Okabe and Ito, which colour-blind
people tell apart; what a colour says is also said by position, shape or text.
"""

from datetime import date, datetime
from typing import Any, Literal

import altair as alt
import pyarrow as pa
import pyarrow.compute as pc

REASON_COLOURS = {
    "OUR_FAULT": "#D55E00",
    "PRODUCT_ISSUES": "#0072B2",
    "CUSTOMER": "#E69F00",
    "UNKNOWN": "#7F7F7F",
}
_BLUE, _VERMILLION, _GREY, _BAND = "#0072B2", "#D55E00", "#595959", "#9AC7E3"
# Below so many units a rate is drawn hollow: one unit more would move it far.
FEW_UNITS = 30
_PERCENT = ".1%"
_BAR_STEP = 24
# Room for a share in each cell; a narrow screen scrolls sideways.
_CELL_STEP = 44

Chart = alt.Chart | alt.LayerChart | alt.FacetChart


def weekly_rate(table: pa.Table, subject: str) -> Chart:
    """Draw the refund rate by week of order with its control limits."""
    base = alt.Chart(_data(table)).encode(x=alt.X("week_start:T", title="Week of order (UTC)"))
    limits = base.mark_area(color=_BAND, opacity=0.45).encode(
        y=alt.Y("lower_limit:Q", title="Refund rate, %", axis=alt.Axis(format="%")),
        y2="upper_limit:Q",
    )
    middle = base.mark_line(color=_GREY, strokeDash=[4, 4]).encode(y="baseline_refund_rate:Q")
    line = base.mark_line(color=_BLUE).encode(y="refund_rate:Q")
    points = base.mark_point(size=55, filled=True, opacity=1).encode(
        y="refund_rate:Q",
        shape=alt.Shape(
            "chart_position:N",
            title="Against the limits",
            legend=alt.Legend(orient="bottom", columns=4),
            scale=alt.Scale(
                domain=["above", "below", "within", "no_baseline"],
                range=["triangle-up", "triangle-down", "circle", "square"],
            ),
        ),
        color=alt.condition(
            "datum.chart_position == 'above'", alt.value(_VERMILLION), alt.value(_BLUE)
        ),
        tooltip=[
            alt.Tooltip("week_start:T", title="Week of order"),
            alt.Tooltip("refund_rate:Q", title="Refund rate", format=_PERCENT),
            alt.Tooltip("lower_limit:Q", title="Lower limit", format=_PERCENT),
            alt.Tooltip("upper_limit:Q", title="Upper limit", format=_PERCENT),
            alt.Tooltip("units_sold:Q", title="Units sold", format=","),
            alt.Tooltip("units_refunded:Q", title="Units refunded in time", format=","),
        ],
    )
    return _finished(
        alt.layer(limits, middle, line, points),
        "Refund rate by week of order, % of units",
        "At equal age, mature weeks only. Band: control limits.",
        height=280,
        subject=subject,
    )


def product_weeks(table: pa.Table) -> Chart:
    """Draw one product's refund rate by week; weeks of few units are small and hollow."""
    base = alt.Chart(_data(table)).encode(
        x=alt.X("week_start:T", title="Week of order (UTC)"),
        y=alt.Y("refund_rate:Q", title="Refund rate, %", axis=alt.Axis(format="%")),
        tooltip=[
            alt.Tooltip("week_start:T", title="Week of order"),
            alt.Tooltip("refund_rate:Q", title="Refund rate", format=_PERCENT),
            alt.Tooltip("units_refunded:Q", title="Units refunded", format=","),
            alt.Tooltip("units_sold:Q", title="Units sold", format=","),
        ],
    )
    line = base.mark_line(color=_BLUE, opacity=0.5)
    points = base.mark_point(color=_BLUE).encode(
        size=alt.Size(
            "units_sold:Q",
            title="Units sold",
            scale=alt.Scale(range=[15, 200]),
            legend=alt.Legend(orient="bottom"),
        ),
        fillOpacity=alt.condition(f"datum.units_sold >= {FEW_UNITS}", alt.value(1), alt.value(0)),
        fill=alt.value(_BLUE),
    )
    return _finished(
        alt.layer(line, points),
        "Refund rate by week of order, % of units",
        f"Mature orders only. Hollow: fewer than {FEW_UNITS} units sold.",
        height=240,
    )


def rate_bars(table: pa.Table, name: str, label: str, subject: str) -> Chart:
    """Draw refund rates side by side; those of too few units are left to the table."""
    enough = table.filter(pc.field("units_sold") >= FEW_UNITS)
    few = table.num_rows - enough.num_rows
    base = alt.Chart(_data(enough)).encode(
        y=alt.Y(f"{name}:N", title=None, sort="-x", axis=alt.Axis(labelLimit=220)),
        tooltip=[
            alt.Tooltip(f"{name}:N", title=label),
            alt.Tooltip("refund_rate:Q", title="Refund rate", format=_PERCENT),
            alt.Tooltip("units_refunded:Q", title="Units refunded", format=","),
            alt.Tooltip("units_sold:Q", title="Units sold", format=","),
            alt.Tooltip("refund_usd:Q", title="Refunded, USD", format=",.0f"),
        ],
    )
    bars = base.mark_bar(color=_BLUE).encode(
        x=alt.X("refund_rate:Q", title="Refund rate, % of units", axis=_axis("%")),
    )
    text = base.mark_text(align="left", dx=4, color=_GREY).encode(
        x="refund_rate:Q", text=alt.Text("refund_rate:Q", format=_PERCENT)
    )
    return _finished(
        alt.layer(bars, text),
        f"Refund rate by {label.lower()}, % of units",
        "By order date."
        + (f" In the table only, with fewer than {FEW_UNITS} units sold: {few}." if few else ""),
        height=alt.Step(_BAR_STEP),
        subject=subject,
    )


def money_bars(table: pa.Table) -> Chart:
    """Draw money given back by kind of refund, on the cash clock."""
    chart = (
        alt.Chart(_data(table))
        .mark_bar(color=_BLUE)
        .encode(
            y=alt.Y("refund_kind:N", title=None, sort="-x"),
            x=alt.X("refund_usd_by_refund_date:Q", title="Given back, USD", axis=_axis("~s")),
            tooltip=[
                alt.Tooltip("refund_kind:N", title="Kind"),
                alt.Tooltip("refund_usd_by_refund_date:Q", title="USD", format=",.0f"),
                alt.Tooltip("refunds:Q", title="Refunds", format=","),
            ],
        )
    )
    return _finished(
        chart,
        "Money given back by kind of refund, USD",
        "By refund date, at the rates of the refunds' days.",
        height=alt.Step(_BAR_STEP),
    )


def reason_bars(table: pa.Table, subject: str) -> Chart:
    """Draw standard reasons by units, coloured by category."""
    chart = (
        alt.Chart(_data(table))
        .mark_bar()
        .encode(
            y=alt.Y("reason:N", title=None, sort="-x", axis=alt.Axis(labelLimit=220)),
            x=alt.X("units_refunded:Q", title="Units refunded", axis=_axis(",.0f")),
            color=_reason_colour(),
            tooltip=[
                alt.Tooltip("reason:N", title="Reason"),
                alt.Tooltip("reason_category:N", title="Category"),
                alt.Tooltip("units_refunded:Q", title="Units refunded", format=","),
                alt.Tooltip("refund_share:Q", title="Share of units", format=_PERCENT),
                alt.Tooltip("refund_usd:Q", title="Refunded, USD", format=",.0f"),
            ],
        )
    )
    return _finished(
        chart,
        "Why goods come back, units refunded",
        "Returns and refunds without return, all refunds of the choice.",
        height=alt.Step(_BAR_STEP),
        subject=subject,
    )


def reason_shares(table: pa.Table, name: str, label: str) -> Chart:
    """Draw the four categories of reason as shares, by sub-channel or by month."""
    is_time = name == "refund_month"
    x = alt.X("refund_share:Q", title="Share of units refunded, %", axis=_axis("%"))
    y = alt.Y(f"{name}:N", title=None)
    when = alt.X("yearmonth(refund_month):O", title="Month of refund (UTC)")
    share = alt.Y("refund_share:Q", title="Share of units refunded, %", axis=alt.Axis(format="%"))
    chart = (
        alt.Chart(_data(table))
        .mark_bar()
        .encode(
            *([when, share] if is_time else [x, y]),
            color=_reason_colour(),
            order=alt.Order("reason_category:N"),
            tooltip=[
                alt.Tooltip(f"{name}:{'T' if is_time else 'N'}", title=label),
                alt.Tooltip("reason_category:N", title="Category"),
                alt.Tooltip("refund_share:Q", title="Share of units", format=_PERCENT),
                alt.Tooltip("units_refunded:Q", title="Units refunded", format=","),
            ],
        )
    )
    clock = "By refund date on both sides." if is_time else "All refunds of the sub-channel."
    return _finished(
        chart,
        f"Whose fault it is by {label.lower()}, % of units refunded",
        clock,
        height=240 if is_time else alt.Step(_BAR_STEP),
    )


def reason_heat_map(table: pa.Table) -> Chart:
    """Draw the reasons of the products with most money at stake; shares are also written."""
    base = alt.Chart(_data(table)).encode(
        x=alt.X("reason:N", title="Standard reason", axis=alt.Axis(labelAngle=-45)),
        y=alt.Y(
            "sku:N",
            title="Product, most money at stake on top",
            sort=alt.EncodingSortField("refund_rank", order="ascending"),
            axis=alt.Axis(labelLimit=160),
        ),
    )
    cells = base.mark_rect().encode(
        color=alt.Color(
            "refund_share:Q",
            title="Share of units",
            scale=alt.Scale(scheme="blues", domain=[0, 1]),
            legend=alt.Legend(format="%", orient="bottom"),
        ),
        tooltip=[
            alt.Tooltip("product_name:N", title="Product"),
            alt.Tooltip("reason:N", title="Reason"),
            alt.Tooltip("reason_category:N", title="Category"),
            alt.Tooltip("refund_share:Q", title="Share of units", format=_PERCENT),
            alt.Tooltip("units_refunded:Q", title="Units refunded", format=","),
        ],
    )
    # A share of fewer units than this says little, so it is left as colour alone.
    text = (
        base.transform_filter("datum.units_refunded >= 3")
        .mark_text(fontSize=10)
        .encode(
            text=alt.Text("refund_share:Q", format=".0%"),
            color=alt.condition(
                "datum.refund_share > 0.55", alt.value("white"), alt.value("black")
            ),
        )
    )
    return _finished(
        alt.layer(cells, text),
        "Reasons of the products with most at stake, % of their units refunded",
        "All refunds. A number is written from 3 units on.",
        height=alt.Step(_BAR_STEP),
        width=alt.Step(_CELL_STEP),
    )


def _reason_colour() -> alt.Color:
    return alt.Color(
        "reason_category:N",
        title="Category",
        scale=alt.Scale(domain=list(REASON_COLOURS), range=list(REASON_COLOURS.values())),
        legend=alt.Legend(orient="bottom", columns=2),
    )


def _axis(text_format: str) -> alt.Axis:
    # Few enough that their labels don't meet on a phone.
    return alt.Axis(format=text_format, tickCount=6)


def _finished(
    chart: Chart,
    title: str,
    subtitle: str,
    height: int | alt.Step,
    *,
    subject: str = "",
    width: str | alt.Step = "container",
) -> Chart:
    # A title that fits a phone; what it is about stands below.
    lines = [subject[:1].upper() + subject[1:], subtitle] if subject else [subtitle]
    fit: Literal["fit-x", "pad"] = "fit-x" if width == "container" else "pad"
    # The text is what a screen reader says instead of the picture; the table beside it has more.
    return chart.properties(
        title=alt.TitleParams(title, subtitle=lines, anchor="start", fontSize=14),
        description=". ".join([title, *lines]),
        width=width,
        height=height,
        autosize=alt.AutoSizeParams(type=fit, contains="padding"),
    )


def _data(table: pa.Table) -> alt.InlineData:
    return alt.InlineData(
        values=[{name: _plain(value) for name, value in row.items()} for row in table.to_pylist()]
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
