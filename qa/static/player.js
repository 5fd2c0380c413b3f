// Tracks played as one. What a page may rely on, wherever _player.html is included:
//   [data-seek="12.3"]          a click plays from that second
//   [data-loop="12.3,15.0"]     a click plays that stretch again and again at 0.75 of the speed
//   [data-start][data-end]      carries the class "now" while its seconds are heard
//   [data-key="1"]              in a .finding: is clicked by that key, where it has the focus or is the first
//   document "player:heard"     {spans: [[from, to], ...]}: seconds that were really played, and are kept
"use strict";

for (const player of document.querySelectorAll(".player")) {
  const tracks = [...player.querySelectorAll("audio")];
  const [first, ...others] = tracks;
  const part = (name) => player.querySelector(`[data-player=${name}]`);
  const lines = [...document.querySelectorAll("[data-start]")];
  const TOGETHER_S = 0.12, STEP_S = 3, SLOW = "0.75", TELL_MS = 10000, GAP_S = 1.5, SOON_S = 0.4;
  let loop = null, heard = [], last = null, silent = [];

  const clock = (s) => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;
  const seek = (second) => {
    const at = Math.max(0, Math.min(second, first.duration || second));
    for (const track of tracks) track.currentTime = at;
    last = null;
  };
  const toggle = () => (first.paused ? first.play() : first.pause());
  const setSpeed = (rate) => {
    part("speed").value = rate;
    for (const track of tracks) track.playbackRate = +rate;
  };
  const faster = (by) => {
    const speed = part("speed"), to = speed.options[speed.selectedIndex + by];
    if (to) setSpeed(to.value);
  };
  const repeat = (stretch) => {
    if (stretch && !loop) setSpeed(SLOW);
    if (!stretch && loop) setSpeed("1");
    loop = stretch;
    part("unloop").hidden = !loop;
    if (loop) { seek(loop[0]); first.play(); }
  };

  // What was played: seconds that the clock of the track went through by itself.
  const note = () => {
    const now = first.currentTime;
    if (last !== null && now > last && now - last < GAP_S * first.playbackRate) {
      const before = heard.at(-1);
      if (before && before[1] === last) before[1] = now;
      else heard.push([last, now]);
    }
    last = first.paused || first.seeking ? null : now;
  };
  const skip = (from, to) => { heard.push([from, to]); seek(to); };
  const tell = async () => {
    if (!heard.length) return;
    const spans = heard;
    heard = [];
    const said = spans.map(([from, to]) => `${from.toFixed(2)}-${to.toFixed(2)}`).join(",");
    const body = new URLSearchParams({ csrf: player.dataset.csrf, spans: said });
    const kept = await fetch(`${player.dataset.address}/heard`, { method: "POST", body, keepalive: true }).catch(() => null);
    if (kept?.ok) document.dispatchEvent(new CustomEvent("player:heard", { detail: { spans } }));
    else heard.unshift(...spans);
  };

  const follow = () => {
    note();
    const now = first.currentTime;
    const pause = part("skip").checked && !first.paused && silent.find(([from, to]) => now >= from && now < to - SOON_S);
    if (loop && now >= loop[1]) seek(loop[0]);
    else if (pause) skip(now, pause[1] - SOON_S / 2);
    for (const track of others) {
      if (Math.abs(track.currentTime - now) > TOGETHER_S) track.currentTime = now;
    }
    part("at").value = now;
    part("time").value = `${clock(now)} / ${clock(first.duration || 0)}`;
    for (const line of lines) {
      const isNow = now >= +line.dataset.start && now < +line.dataset.end;
      if (isNow && !first.paused && !line.classList.contains("now")) line.scrollIntoView({ block: "nearest" });
      line.classList.toggle("now", isNow);
    }
  };

  first.addEventListener("play", () => { player.classList.add("playing"); others.forEach((track) => track.play()); });
  first.addEventListener("pause", () => {
    follow();
    player.classList.remove("playing");
    others.forEach((track) => track.pause());
    tell();
  });
  first.addEventListener("seeking", () => { last = null; others.forEach((track) => (track.currentTime = first.currentTime)); });
  for (const what of ["timeupdate", "seeked"]) first.addEventListener(what, follow);
  const begin = () => { part("at").max = first.duration; seek(+player.dataset.begin); };
  if (first.readyState >= 1) begin();
  else first.addEventListener("loadedmetadata", begin, { once: true });
  import("/static/waveform.js").then(async ({ waves }) => { silent = await waves(player, first, seek); });
  setInterval(tell, TELL_MS);
  addEventListener("pagehide", () => { note(); tell(); });

  part("toggle").addEventListener("click", toggle);
  part("at").addEventListener("input", (event) => seek(+event.target.value));
  part("speed").addEventListener("change", (event) => setSpeed(event.target.value));
  part("unloop").addEventListener("click", () => repeat(null));
  document.addEventListener("click", (event) => {
    const looped = event.target.closest("[data-loop]"), begun = event.target.closest("[data-seek]");
    if (looped) repeat(looped.dataset.loop.split(",").map(Number));
    else if (begun) { repeat(null); seek(+begun.dataset.seek); first.play(); }
  });
  const help = player.parentElement.querySelector("dialog.player-keys");
  part("help").addEventListener("click", () => help.showModal());
  const leads = [...document.querySelectorAll(".finding")];
  const go = (by) => {
    const here = leads.indexOf(document.activeElement?.closest(".finding"));
    leads[Math.max(0, Math.min(leads.length - 1, here + by))]?.focus();
  };
  const press = (key) => {
    const chosen = document.activeElement?.closest(".finding") ?? leads[0];
    const button = chosen?.querySelector(`[data-key="${CSS.escape(key)}"]`);
    button?.click();
    return button;
  };
  const keys = {
    " ": toggle, k: toggle, Escape: () => repeat(null), n: () => go(1), b: () => go(-1),
    ArrowLeft: () => seek(first.currentTime - STEP_S), ArrowRight: () => seek(first.currentTime + STEP_S),
    "[": () => faster(-1), "]": () => faster(1), "?": () => document.querySelector("dialog.keys") ?? help.showModal(),
    s: () => (part("skip").checked = !part("skip").checked),
  };
  document.addEventListener("keydown", (event) => {
    const types = event.target.closest("input:not([type=range], [type=checkbox]), select, textarea, dialog");
    const operates = event.target.closest("button, a, summary, input") && [" ", "Enter", "ArrowLeft", "ArrowRight"].includes(event.key);
    if (types || operates || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!keys[event.key]) return press(event.key) && event.preventDefault();
    event.preventDefault();
    keys[event.key]();
  });
}
