"use strict";
(() => {
  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

  function sortBy(table, heading) {
    const index = heading.cellIndex;
    const isNumber = heading.classList.contains("n");
    const up = heading.getAttribute("aria-sort") === "descending"
      || (!isNumber && !heading.hasAttribute("aria-sort"));
    for (const other of heading.parentElement.cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", up ? "ascending" : "descending");
    const value = (row) => row.cells[index].dataset.v ?? row.cells[index].textContent;
    const body = table.tBodies[0];
    const rows = [...body.rows].sort((one, two) => {
      const [a, b] = [value(one), value(two)];
      // What is unknown stays at the end, whichever way it is sorted.
      if (a === "" || b === "") return (a === "") - (b === "");
      const order = isNumber ? Number(a) - Number(b) : collator.compare(a, b);
      return up ? order : -order;
    });
    body.append(...rows);
  }

  for (const box of document.querySelectorAll(".sortable")) {
    const table = box.querySelector("table");
    const status = box.querySelector(".shown");
    for (const heading of table.tHead.rows[0].cells) {
      heading.querySelector("button").addEventListener("click", () => sortBy(table, heading));
    }
    box.querySelector("input").addEventListener("input", (event) => {
      const wanted = event.target.value.trim().toLowerCase();
      let found = 0;
      for (const row of table.tBodies[0].rows) {
        row.hidden = !row.textContent.toLowerCase().includes(wanted);
        found += !row.hidden;
      }
      status.textContent = `${found.toLocaleString("en")} rows shown`;
    });
  }

  const age = document.querySelector("[data-published]");
  const hours = (Date.now() - Date.parse(age.dataset.published)) / 3600000;
  if (hours >= 0) {
    const text = hours < 2 ? `${Math.round(hours * 60)} minutes`
      : hours < 48 ? `${Math.round(hours)} hours` : `${Math.round(hours / 24)} days`;
    age.textContent = `${text} ago`;
    if (hours > Number(age.dataset.staleHours)) age.closest(".about").classList.add("stale");
  }

  for (const chart of document.querySelectorAll(".chart")) {
    const spec = JSON.parse(document.getElementById(chart.dataset.spec).textContent);
    vegaEmbed(chart, spec, { actions: false, renderer: "svg" }).catch((fault) => {
      chart.textContent = `The chart can't be drawn: ${fault.message}`;
    });
  }
})();
