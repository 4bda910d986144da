/** Numbers as people read them. Every number on the page goes through here; `–` and `n/a` never hide a zero. */

const MINUS = '−';
const TIMES = '×';
const NOT_AVAILABLE = 'n/a';

/** 1,234,567 */
export function formatCount(value: number): string {
  return withMinus(Math.round(value).toLocaleString('en'));
}

/** 192 B, 1.5 KiB, 16 MiB, 1.25 GiB */
export function formatBytes(bytes: number): string {
  return scaled(bytes, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB']);
}

/** "4 KiB" where all are equal, "3–4 KiB" where they share a unit, else "900 B – 1.2 KiB". */
export function formatSpan(values: readonly number[], format: (value: number) => string): string {
  const least = format(Math.min(...values));
  const most = format(Math.max(...values));
  if (least === most) return most;
  const [number = '', unit = ''] = least.split(' ');
  return most.endsWith(` ${unit}`) && unit !== '' ? `${number}–${most}` : `${least} – ${most}`;
}

/** 768, 12.3 k, 1.07 G: floating-point operations, decimal as hardware vendors count them. */
export function formatFlops(flops: number): string {
  return scaled(flops, 1000, ['', 'k', 'M', 'G', 'T', 'P']);
}

/** 0.042 ms, 5.2 ms, 128 ms, 2.41 s; null (a clock that is not there) is n/a. */
export function formatMs(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return NOT_AVAILABLE;
  if (ms === 0) return '0 ms';
  const size = Math.abs(ms);
  if (size < 0.001) return '<0.001 ms';
  if (size >= 9999.5) return `${withMinus((ms / 1000).toFixed(1))} s`;
  if (size >= 999.5) return `${withMinus((ms / 1000).toFixed(2))} s`;
  const digits = size >= 99.95 ? 0 : size >= 0.995 ? 1 : size >= 0.0995 ? 2 : 3;
  return `${withMinus(ms.toFixed(digits))} ms`;
}

/** A matrix element: four significant digits at most, true minus sign, exponent where it would be long. */
export function formatFloat(value: number, digits = 4): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${MINUS}∞`;
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-4) return formatExponent(value, Math.max(1, digits - 2));
  const decimals = Math.max(0, digits - 1 - Math.max(0, Math.floor(Math.log10(size))));
  return withMinus(value.toFixed(decimals));
}

/** An error or a tolerance: 2.4e−7. Zero is 0: the bits are equal. */
export function formatError(error: number): string {
  if (Number.isNaN(error)) return 'NaN';
  if (!Number.isFinite(error)) return '∞';
  if (error === 0) return '0';
  const size = Math.abs(error);
  return size >= 0.01 && size < 10_000
    ? withMinus(String(Number(error.toPrecision(3))))
    : formatExponent(error, 1);
}

/** An error in tolerances: 1.4 times, 52,000 times. */
export function formatRatio(ratio: number): string {
  if (!Number.isFinite(ratio)) return 'far beyond';
  return `${ratio < 10 ? ratio.toFixed(1) : formatCount(Number(ratio.toPrecision(2)))} times`;
}

/** 8 × 16 */
export function formatShape(...sizes: readonly number[]): string {
  return sizes.map(formatCount).join(` ${TIMES} `);
}

function formatExponent(value: number, decimals: number): string {
  return withMinus(value.toExponential(decimals).replace('e+', 'e'));
}

function scaled(value: number, base: number, units: readonly string[]): string {
  let unit = 0;
  let left = Math.abs(value);
  // 999.5 would round to 1000 with three digits, which is the next unit.
  while (left >= base * 0.9995 && unit < units.length - 1) {
    left /= base;
    unit++;
  }
  const digits = unit === 0 || left >= 99.95 ? 0 : left >= 9.995 ? 1 : 2;
  const text = trimmed(left.toFixed(digits));
  return `${value < 0 ? MINUS : ''}${text}${units[unit] === '' ? '' : ` ${units[unit]}`}`;
}

/** 1.50 → 1.5, 16.0 → 16 */
function trimmed(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function withMinus(text: string): string {
  return text.replaceAll('-', MINUS);
}
