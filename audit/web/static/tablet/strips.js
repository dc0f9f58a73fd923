/** The thin segmented bar, drawn as audit/web/strips.py draws it: one segment per item, told apart by shape. */

import { shape } from "./dom.js";

const STEP = 10, WIDEST_GAP = 2;
/** mark -> class, top and bottom of the segment (of 12) @type {Record<string, [string, number, number]>} */
const SHAPES = { IN: ["in", 2, 10], OUT: ["out", 0, 12], NO: ["no", 3, 9], NA: ["na", 5, 7], "": ["un", 4, 8] };

/** @param {(string | null)[]} marks @returns {{width: number, paths: [string, string][]}} */
export function stripOf(marks) {
  /** @type {Record<string, string>} */
  const paths = {};
  const width = (STEP - Math.min(WIDEST_GAP, 0.3 + 0.03 * marks.length)).toFixed(2);
  marks.forEach((mark, index) => {
    const [kind, top, bottom] = SHAPES[mark ?? ""];
    paths[kind] = `${paths[kind] ?? ""}M${index * STEP} ${top}h${width}V${bottom}h-${width}z`;
  });
  return { width: Math.max(1, marks.length) * STEP, paths: Object.entries(paths) };
}

/** @param {Element | null} svg @param {(string | null)[]} marks */
export function drawStrip(svg, marks) {
  if (!svg) return;
  const strip = stripOf(marks);
  svg.setAttribute("viewBox", `0 0 ${strip.width} 12`);
  svg.replaceChildren(...strip.paths.map(([kind, d]) => shape("path", { class: `b-${kind}`, d })));
}
