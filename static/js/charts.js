"use strict";

// A figure[data-chart] is drawn from the table in it: a row a label, a column a series, numbers in
// `data` elements. Colours are those of its legend's swatches, so that they follow the theme.
{
  const drawn = new Map();
  const colour = (element) => getComputedStyle(element).getPropertyValue("background-color");
  const text = (element) => element.textContent.trim();

  const read = (figure) => {
    const rows = [...figure.querySelectorAll("tbody tr")];
    const cells = rows.map((row) => [...row.querySelectorAll("data")]);
    const swatches = [...figure.querySelectorAll(".swatch")].map(colour);
    const names = [...figure.querySelectorAll("thead th[data-series]")].map(text);
    const isWhole = figure.dataset.chart === "whole";
    return {
      labels: rows.map(({ cells: [label] }) => label.dataset.label || text(label)),
      datasets: names.map((label, column) => ({
        label,
        data: cells.map((row) => Number(row[column].value) / 1e9),
        told: cells.map((row) => text(row[column])),
        backgroundColor: isWhole ? swatches : swatches[column],
        borderWidth: 0,
        borderRadius: isWhole ? 0 : 2,
        maxBarThickness: 28,
      })),
    };
  };

  const axes = (figure, { soft, line }) => {
    const dollars = new Intl.NumberFormat(document.documentElement.lang, { maximumSignificantDigits: 3 });
    const isFlat = figure.dataset.chart === "flat";
    const amounts = { stacked: true, grid: { color: line }, border: { display: false }, ticks: { color: soft, maxTicksLimit: 5, callback: (value) => `$${dollars.format(value)}` } };
    const labels = { stacked: true, grid: { display: false }, border: { color: line }, ticks: { color: soft, maxRotation: 0, autoSkip: !isFlat, autoSkipPadding: 16 } };
    return isFlat ? { x: amounts, y: labels } : { x: labels, y: amounts };
  };

  const draw = (figure) => {
    const styles = getComputedStyle(figure);
    const soft = styles.color;
    const line = styles.borderTopColor;
    const isWhole = figure.dataset.chart === "whole";
    drawn.get(figure)?.destroy();
    drawn.set(
      figure,
      new Chart(figure.querySelector("canvas"), {
        type: isWhole ? "doughnut" : "bar",
        data: read(figure),
        options: {
          animation: false,
          maintainAspectRatio: false,
          indexAxis: figure.dataset.chart === "flat" ? "y" : "x",
          interaction: { mode: isWhole ? "nearest" : "index", intersect: isWhole, axis: figure.dataset.chart === "flat" ? "y" : "x" },
          scales: isWhole ? {} : axes(figure, { soft, line }),
          cutout: "68%",
          font: { family: styles.fontFamily, size: 12 },
          plugins: {
            legend: { display: false },
            tooltip: {
              filter: ({ raw }) => raw !== 0,
              callbacks: { label: ({ dataset, dataIndex, label }) => ` ${isWhole ? label : dataset.label}: ${dataset.told[dataIndex]}` },
            },
          },
        },
      }),
    );
  };

  const all = () => document.querySelectorAll("figure[data-chart]").forEach(draw);
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  all();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", all);
  new MutationObserver(all).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}
