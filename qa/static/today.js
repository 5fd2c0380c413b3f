// Today follows the server's events; charts are drawn from small JSON routes, anew every minute.
"use strict";

const line = document.querySelector("#line");
let source = null;

const show = (name, html) => {
  const part = document.querySelector(`[data-part="${name}"]`);
  if (!part) return;
  const at = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  part.innerHTML = html;
  if (at) part.querySelector(`a[href="${CSS.escape(at)}"]`)?.focus();
};
const tell = (ok) => {
  line.textContent = ok ? line.dataset.ok : line.dataset.lost;
  line.className = `right hint ${ok ? "ok" : "lost"}`;
};
const AGAIN_MS = 10_000;
const follow = () => {
  if (source || document.hidden) return;
  source = new EventSource(line.dataset.live);
  source.onopen = () => tell(true);
  source.onerror = () => {
    tell(false);
    if (source?.readyState !== EventSource.CLOSED) return; // else the browser tries again by itself
    stop();
    setTimeout(follow, AGAIN_MS);
  };
  source.onmessage = (event) => Object.entries(JSON.parse(event.data)).forEach(([name, html]) => show(name, html));
  source.addEventListener("over", () => location.reload());
};
const stop = () => {
  source?.close();
  source = null;
};
// A browser has six connections for a site: pages that nobody sees give theirs back.
document.addEventListener("visibilitychange", () => (document.hidden ? stop() : follow()));
window.addEventListener("pagehide", stop);
window.addEventListener("pageshow", follow);
follow();

const colour = (token) => {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.color = `var(--${token})`;
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
};
const axis = (more) => ({ stroke: colour("soft"), grid: { stroke: colour("line"), width: 1 }, ticks: { show: false }, ...more });
const bars = (label, token) => ({ label, fill: colour(token), stroke: colour(token), width: 0, paths: uPlot.paths.bars({ size: [0.7, 40] }), points: { show: false } });
const lines = (label, token, dash) => ({ label, stroke: colour(token), width: 2, dash, spanGaps: false, points: { show: true, size: 5, fill: colour(token) } });

// Each chart's series from its figures, the topmost last: what is stacked is drawn first, as a whole.
const LOOKS = {
  attempts: ([answered, others]) => [
    { ...bars(others.name, "edge"), values: others.values.map((one, n) => one + answered.values[n]), said: others.values },
    { ...bars(answered.name, "accent"), values: answered.values },
  ],
  rate: ([rate]) => [{ ...lines(rate.name, "accent"), values: rate.values }],
  results: ([calls]) => [{ ...bars(calls.name, "accent"), values: calls.values }],
  deadlines: ([open, allowed]) => [
    { ...lines(open.name, "accent"), values: open.values },
    { ...lines(allowed.name, "edge", [6, 4]), values: allowed.values },
  ],
};
const plots = new Map();

const table = (chart, { labels, series }) => {
  const cell = (kind, text) => Object.assign(document.createElement(kind), { textContent: text ?? "" });
  const row = (...cells) => { const made = document.createElement("tr"); made.append(...cells); return made; };
  const head = row(cell("th", ""), ...series.map((one) => cell("th", one.name)));
  const rows = labels.map((label, n) => row(cell("th", label), ...series.map((one) => cell("td", one.values[n]))));
  chart.querySelector("table").replaceChildren(head, ...rows);
};
const draw = (chart, figures) => {
  const { labels, series } = figures;
  const plot = chart.querySelector(".plot");
  const empty = !series.some((one) => one.values.some((value) => value));
  chart.querySelector("p").hidden = !empty;
  plot.hidden = empty;
  table(chart, figures);
  plots.get(chart)?.destroy();
  plots.delete(chart);
  if (empty) return;
  const looks = LOOKS[chart.dataset.chart](series);
  const every = Math.ceil((labels.length * 46) / plot.clientWidth);
  const options = {
    width: plot.clientWidth,
    height: 216,
    cursor: { drag: { x: false, y: false } },
    scales: { x: { time: false, range: () => [-0.6, labels.length - 0.4] }, y: { range: (_, _least, most) => [0, Math.max(1, most * 1.1)] } },
    axes: [
      axis({ splits: () => labels.map((_, n) => n).filter((n) => n % every === 0), values: (_, places) => places.map((n) => labels[n]), grid: { show: false }, size: 30 }),
      axis({ size: 46, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 1e4, 2e4, 5e4, 1e5] }),
    ],
    series: [{ label: "", value: (_, n) => labels[n] ?? "" }, ...looks.map(({ values, said, ...look }) => ({ ...look, value: (_, value, _s, n) => (said ? said[n] : value) ?? "" }))],
  };
  plots.set(chart, new uPlot(options, [labels.map((_, n) => n), ...looks.map((one) => one.values)], plot));
};
const drawAll = async () => {
  for (const chart of document.querySelectorAll("[data-chart]")) {
    const answer = await fetch(`/today/charts/${chart.dataset.chart}`).catch(() => null);
    if (answer?.ok && !answer.redirected) draw(chart, await answer.json());
  }
};
let again = null;
window.addEventListener("resize", () => { clearTimeout(again); again = setTimeout(drawAll, 200); });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
setInterval(() => document.hidden || drawAll(), 60_000);
drawAll();
