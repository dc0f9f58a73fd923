// A place to draw each signature. Comfort only: the typed name signs, with or without this file.
// Lines are kept as whole points in a box 10,000 wide and 4,000 high and drawn anew from there at every size.

const WIDE = 10000, HIGH = 4000, WIDTH = 1.4, SAME = 0.7;
const within = (value, most) => Math.min(most, Math.max(0, Math.round(value)));

function kept(text) {
  try { return JSON.parse(text || "[]"); } catch { return []; }
}

class Drawing {
  constructor(box, Pad) {
    this.field = box.querySelector("input[type=hidden]");
    this.canvas = box.querySelector("canvas");
    this.said = box.querySelector("[role=status]");
    this.words = box.dataset;
    this.lines = kept(this.field.value || this.field.dataset.kept);
    this.cleared = [];
    box.hidden = false;
    this.pad = new Pad(this.canvas, { minWidth: WIDTH, maxWidth: WIDTH, minDistance: 2 });
    this.pad.addEventListener("beginStroke", () => { this.drawing = true; });
    this.pad.addEventListener("endStroke", () => { this.take(); this.change(); });
    box.querySelector("[data-undo]").addEventListener("click", () => this.undo());
    box.querySelector("[data-clear]").addEventListener("click", () => this.clear());
    new ResizeObserver(() => this.draw()).observe(this.canvas);
    for (const asked of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
      matchMedia(asked).addEventListener("change", () => this.draw());
    }
    addEventListener("resize", () => this.draw());
    this.tell();
  }

  // The line just drawn, out of the size it was drawn at.
  take() {
    this.drawing = false;
    const line = [];
    for (const { x, y } of this.pad.toData().at(-1)?.points ?? []) {
      const [across, down] = [within((x / this.width) * WIDE, WIDE), within((y / this.height) * HIGH, HIGH)];
      const last = line.at(-1);
      if (!last || last[0] !== across || last[1] !== down) line.push([across, down]);
    }
    if (line.length) this.lines.push(line);
  }

  draw() {
    if (this.drawing) this.take(); // the screen turned under the pen: the line ends here
    this.field.value = this.lines.length ? JSON.stringify(this.lines) : "";
    const { clientWidth, clientHeight } = this.canvas, ratio = Math.max(1, devicePixelRatio || 1);
    if (!clientWidth) return; // not shown now
    [this.width, this.height] = [clientWidth, clientHeight];
    this.pad.off();
    this.canvas.width = Math.round(clientWidth * ratio);
    this.canvas.height = Math.round(clientHeight * ratio);
    this.canvas.getContext("2d").scale(ratio, ratio);
    const penColor = this.pad.penColor = getComputedStyle(this.canvas).color;
    this.pad.fromData(this.lines.map((line) => ({
      penColor, dotSize: 0, minWidth: WIDTH, maxWidth: WIDTH, velocityFilterWeight: SAME, compositeOperation: "source-over",
      points: line.map(([x, y]) => ({ x: (x / WIDE) * clientWidth, y: (y / HIGH) * clientHeight, pressure: 0.5, time: 1 })),
    })));
    this.pad.on();
  }

  // Says how it stands, and what a line too many means.
  tell() {
    const points = this.lines.reduce((sum, line) => sum + line.length, 0), { most, mostLines, mostPoints } = this.words;
    const full = JSON.stringify(this.lines).length > most || this.lines.length > mostLines || points > mostPoints;
    if (full) this.lines.pop();
    this.draw();
    const drawn = this.lines.length;
    this.said.textContent = full ? this.words.full : drawn ? this.words.some.replace("{lines}", drawn) : this.words.none;
  }

  change() {
    this.tell();
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  undo() {
    if (this.lines.length) this.lines.pop();
    else [this.lines, this.cleared] = [this.cleared, []];
    this.change();
  }

  clear() {
    if (this.lines.length) [this.cleared, this.lines] = [this.lines, []];
    this.change();
  }
}

const boxes = document.querySelectorAll("[data-pad]");
if (boxes.length) {
  const { default: Pad } = await import(boxes[0].dataset.pad);
  for (const box of boxes) new Drawing(box, Pad);
}
