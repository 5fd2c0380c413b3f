// The outlines of the tracks, with what is marked in them; drawn by hand, for no library draws without inline styles.
const DRAWN_AT = 2;      // pixels of a line
const SILENT = 3;        // of 100
const PAUSE_S = 1;

// player.css names the tokens in these properties: read there they are colours, whatever the theme.
const colours = (canvas) => {
  const { color, outlineColor, caretColor } = getComputedStyle(canvas);
  return { done: color, rest: outlineColor, line: caretColor };
};

const drawTrack = (canvas, peaks, step, length, now) => {
  const scale = devicePixelRatio || 1, width = canvas.clientWidth, height = canvas.clientHeight;
  canvas.width = width * scale;
  canvas.height = height * scale;
  const pen = canvas.getContext("2d"), { done, rest, line } = colours(canvas);
  pen.scale(scale, scale);
  const lines = Math.floor(width / DRAWN_AT), most = Math.max(10, ...peaks);
  for (let at = 0; at < lines; at += 1) {
    const from = Math.floor(((at / lines) * length) / step), to = Math.max(from + 1, Math.floor((((at + 1) / lines) * length) / step));
    const loud = Math.max(0, ...peaks.slice(from, to)) / most, tall = Math.max(1, loud * height);
    pen.fillStyle = at / lines < now / length ? done : rest;
    pen.fillRect(at * DRAWN_AT, (height - tall) / 2, DRAWN_AT - 0.5, tall);
  }
  pen.fillStyle = line;
  pen.fillRect((now / length) * width - 1, 0, 2, height);
};

const silences = (tracks, step) => {
  const longest = Math.max(...tracks.map((peaks) => peaks.length)), found = [];
  for (let at = 0, begun = null; at <= longest; at += 1) {
    const silent = at < longest && tracks.every((peaks) => (peaks[at] ?? 0) < SILENT);
    if (silent && begun === null) begun = at;
    if (!silent && begun !== null) {
      if ((at - begun) * step >= PAUSE_S) found.push([begun * step, at * step]);
      begun = null;
    }
  }
  return found;
};

// Draws into .waves of the player; gives stretches of silence, or nothing where there is no outline.
export const waves = async (player, track, seek) => {
  const answer = await fetch(`${player.dataset.address}/peaks`).catch(() => null);
  const { step_s: step, tracks } = answer?.ok ? await answer.json() : { tracks: {} };
  const box = player.querySelector(".waves"), names = Object.keys(tracks);
  if (!names.length) return [];
  box.hidden = false;
  const length = () => track.duration || Math.max(...names.map((name) => tracks[name].length)) * step;
  const draw = () => {
    for (const canvas of box.querySelectorAll("canvas")) {
      if (tracks[canvas.dataset.track]) drawTrack(canvas, tracks[canvas.dataset.track], step, length(), track.currentTime);
    }
  };
  for (const mark of box.querySelectorAll(".mark")) {
    mark.style.left = `${(100 * mark.dataset.from) / length()}%`;
    mark.style.width = `${(100 * (mark.dataset.to - mark.dataset.from)) / length()}%`;
  }
  box.addEventListener("click", (event) => {
    if (event.target.closest(".mark")) return;
    const { left, width } = box.getBoundingClientRect();
    seek(((event.clientX - left) / width) * length());
  });
  for (const what of ["timeupdate", "seeked"]) track.addEventListener(what, draw);
  new ResizeObserver(draw).observe(box);
  return silences(Object.values(tracks), step);
};
