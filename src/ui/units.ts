/** Rates, bandwidths and times ahead, in words. */

/** 0.042 GB/s, 17.4 GB/s, 1.2 TB/s: decimal, as nccl-tests and vendors have it. */
export function formatBandwidth(gigabytes: number): string {
  if (gigabytes >= 999.5) return `${digits(gigabytes / 1000)} TB/s`;
  return `${digits(gigabytes)} GB/s`;
}

/** 4.31 GFLOP/s, 989 TFLOP/s. */
export function formatRate(gigaflops: number): string {
  if (gigaflops >= 999.5) return `${digits(gigaflops / 1000)} TFLOP/s`;
  return `${digits(gigaflops)} GFLOP/s`;
}

/** Three digits, no exponent: 0.0042, 0.42, 17.4, 121. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return 'n/a';
  if (value === 0) return '0';
  const decimals = Math.max(0, Math.min(6, 2 - Math.floor(Math.log10(Math.abs(value)))));
  return value.toFixed(decimals);
}

/** 8 s, 2 min 5 s, 1 h 4 min: of what is to come, never in fractions. */
export function formatAhead(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** 1.8 ×; 0.97 × */
export function formatTimes(ratio: number): string {
  return `${ratio >= 9.95 ? ratio.toFixed(0) : ratio.toFixed(2)} ×`;
}
