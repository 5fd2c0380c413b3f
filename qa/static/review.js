// The keyboard of review. A page says what there is: rows ([data-row]), links and buttons ([data-key="c"]), choices
// (input[data-key="1"]); what Enter does is the form's own. ? shows the page's list of keys.
"use strict";

const rows = [...document.querySelectorAll("[data-row]")];
const help = document.querySelector("dialog.keys");
const [next, before] = document.querySelector(".player") ? ["n", "p"] : ["jn", "kp"];
let here = -1;

const go = (by) => {
  if (!rows.length) return;
  rows[here]?.classList.remove("here");
  here = Math.max(0, Math.min(rows.length - 1, here + by));
  rows[here].classList.add("here");
  rows[here].scrollIntoView({ block: "nearest" });
};
const use = (part) => {
  if (part.matches("input[type=radio], input[type=checkbox]")) part.click();
  else if (part.matches("textarea, input, select")) part.focus();
  else part.click();
};
const within = (key) => {
  const sought = `[data-key="${CSS.escape(key)}"]`;
  return rows[here]?.querySelector(sought) ?? [...document.querySelectorAll(sought)].find((one) => !one.closest("[data-row]"));
};
const send = (event) => {
  const form = event.target.form ?? document.querySelector("form[data-step]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("textarea, input:not([type=radio], [type=checkbox], [type=range]), select");
  if (event.key === "Enter" && event.ctrlKey && typing) return send(event);
  if (event.key === "Escape" && typing) return typing.blur();
  if (typing || event.ctrlKey || event.metaKey || event.altKey || help?.open) return;
  if (next.includes(event.key)) return go(1);
  if (before.includes(event.key)) return go(-1);
  if (event.key === "?") return help?.showModal();
  const part = event.key === "Enter" && event.target.closest("a, button, summary") ? null : within(event.key);
  if (part) { event.preventDefault(); use(part); }
  else if (event.key === "Enter" && !event.target.closest("a, button, summary")) send(event);
});
if (rows.length) go(1);

// A lead that was heard while the page was open says so; what counts is what is kept.
const NEAR_S = 0.5;
let played = [];
document.addEventListener("player:heard", (event) => {
  played = [...played, ...event.detail.spans].sort((one, other) => one[0] - other[0]).reduce((found, [from, to]) => {
    const last = found.at(-1);
    if (last && from <= last[1] + NEAR_S) last[1] = Math.max(last[1], to);
    else found.push([from, to]);
    return found;
  }, []);
  for (const mark of document.querySelectorAll("[data-lead]")) {
    const [from, to] = mark.dataset.lead.split("-").map(Number);
    if (!played.some((one) => one[0] <= from + NEAR_S && to - NEAR_S <= one[1])) continue;
    mark.textContent = mark.dataset.heard;
    mark.classList.add("good");
  }
});
