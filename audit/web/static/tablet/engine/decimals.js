// Exact decimal numbers: no float ever judges a limit.

/** @typedef {{digits: bigint, scale: number}} Decimal the number digits / 10^scale */

const PLAIN = /^[+-]?\d+(\.\d+)?$/;
const power = (scale) => 10n ** BigInt(scale);

/**
 * A plainly written number, or null for anything else.
 * @param {unknown} value
 * @returns {Decimal | null}
 */
export function decimal(value) {
  const text = String(value);
  if (!PLAIN.test(text)) return null;
  const [whole, part = ""] = text.replace("+", "").split(".");
  return { digits: BigInt(whole + part), scale: part.length };
}

/** @param {Decimal} one @param {Decimal} other @returns {number} below, at or above 0, as for sorting */
export function compare(one, other) {
  const left = one.digits * power(other.scale);
  const right = other.digits * power(one.scale);
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * (value + before) × times / by + after, to a hundredth, half away from zero.
 * @param {Decimal} value
 * @param {{before?: bigint, times: bigint, by: bigint, after?: bigint}} how
 * @returns {Decimal}
 */
export function turned(value, { before = 0n, times, by, after = 0n }) {
  const one = power(value.scale);
  const above = (value.digits + before * one) * times + after * by * one;
  return { digits: halfUp(above * 100n, by * one), scale: 2 };
}

function halfUp(above, below) {
  const size = above < 0n ? -above : above;
  const rounded = (2n * size + below) / (2n * below);
  return above < 0n ? -rounded : rounded;
}

/** @param {Decimal} value @returns {string} without exponent and trailing zeros: `121`, `0.5` */
export function decimalText({ digits, scale }) {
  const sign = digits < 0n ? "-" : "";
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, "0");
  const part = text.slice(text.length - scale).replace(/0+$/, "");
  return scale && part ? `${sign}${text.slice(0, -scale)}.${part}` : sign + (scale ? text.slice(0, -scale) : text);
}
