// Units: a value is judged in its part's base unit and kept as it was entered too (audit/domain/measures.py).

import { turned } from "./decimals.js";
import { say } from "./tongue.js";

const STEPS = {
  "F>C": { before: -32n, times: 5n, by: 9n },
  "C>F": { times: 9n, by: 5n, after: 32n },
  "lx>fc": { times: 1000n, by: 10764n },
  "fc>lx": { times: 10764n, by: 1000n },
  "m2>sq ft": { times: 100000000n, by: 9290304n },
  "sq ft>m2": { times: 9290304n, by: 100000000n },
  "m>ft": { times: 10000n, by: 3048n },
  "ft>m": { times: 3048n, by: 10000n },
  "s>min": { times: 1n, by: 60n },
  "min>s": { times: 60n, by: 1n },
};

const WORDS = new Map([
  ["C", "°C"],
  ["F", "°F"],
  ["m2", "m²"],
  ["fc", "foot-candles"],
  ["lx", "lux"],
  ["percent", "%"],
]);

/** @param {string | null | undefined} unit @returns {string} as it is read: `°C` for `C`; none is nothing */
export function unitWords(unit) {
  return unit ? say(WORDS.get(unit) ?? unit) : "";
}

/**
 * Turn a value into another unit, to a hundredth, half up.
 * @param {import("./decimals.js").Decimal} value
 * @param {string} unit
 * @param {string} base
 * @returns {import("./decimals.js").Decimal}
 */
export function convert(value, unit, base) {
  return unit === base ? value : turned(value, STEPS[`${unit}>${base}`]);
}
