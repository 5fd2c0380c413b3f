// Two tracks played as one; the text follows the sound and leads to it.
"use strict";

const player = document.querySelector(".player");
if (player) {
  const [first, ...others] = player.querySelectorAll("audio");
  const lines = [...document.querySelectorAll("[data-start]")];
  const TOGETHER_S = 0.12;

  const seek = (second) => {
    for (const track of [first, ...others]) track.currentTime = second;
  };
  const follow = () => {
    for (const track of others) {
      if (Math.abs(track.currentTime - first.currentTime) > TOGETHER_S) track.currentTime = first.currentTime;
    }
    for (const line of lines) {
      const now = first.currentTime >= +line.dataset.start && first.currentTime < +line.dataset.end;
      if (now && !line.classList.contains("now")) line.scrollIntoView({ block: "nearest" });
      line.classList.toggle("now", now);
    }
  };
  const toggle = () => (first.paused ? first.play() : first.pause());

  first.addEventListener("play", () => others.forEach((track) => track.play()));
  first.addEventListener("pause", () => others.forEach((track) => track.pause()));
  first.addEventListener("seeking", () => others.forEach((track) => (track.currentTime = first.currentTime)));
  first.addEventListener("timeupdate", follow);
  first.addEventListener("loadedmetadata", () => seek(+player.dataset.begin), { once: true });
  player.querySelector("[name=speed]").addEventListener("change", (event) => {
    for (const track of [first, ...others]) track.playbackRate = +event.target.value;
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-seek]");
    if (!button) return;
    seek(+button.dataset.seek);
    first.play();
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, select, button, a, summary, audio") || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = { " ": toggle, k: toggle, ArrowLeft: () => seek(Math.max(0, first.currentTime - 3)), ArrowRight: () => seek(first.currentTime + 3) }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  if (first.readyState >= 1) seek(+player.dataset.begin);
}
