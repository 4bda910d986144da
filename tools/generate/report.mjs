// What is said on standard error: how far the loading is, and in the end how fast it went.

/**
 * @typedef {import('../../src/lab/model/headless.ts').HeadlessResult} HeadlessResult
 * @typedef {import('../../src/protocol.ts').ModelLoading} ModelLoading
 */

/** @param {readonly ModelLoading[]} ranks */
export function loadingLine(ranks) {
  const share = (/** @type {ModelLoading} */ { bytes, totalBytes }) =>
    Math.min(100, Math.floor((100 * bytes) / totalBytes));
  const shares = ranks.map((rank) => `${share(rank)} %`);
  return `loading, by rank: ${shares.join(', ')}`;
}

/**
 * @param {readonly ModelLoading[]} loaded
 * @param {HeadlessResult} result
 */
export function figuresText(loaded, { devices, placement, weights, rounding, figures, asPlanned }) {
  const isShared = placement === 'one-device';
  const { prefill, firstTokenMs, decode, ranks, why } = figures;
  const labels = [...new Set(devices.map(({ kind, label }) => `${kind}, ${label}`))];
  const largest = (/** @type {(rank: ModelLoading) => number} */ of) => mib(Math.max(...loaded.map(of)));
  const ranksText = `${devices.length} rank${devices.length === 1 ? '' : 's'}`;
  const fetched = loaded.map(({ bytes, shardBytes }) => `${mib(bytes)} for a shard of ${mib(shardBytes)}`);
  const lines = [
    `${ranksText} on ${labels.join(' and ')}${isShared ? ', all on one device' : ''}`,
    `each has at most ${largest((rank) => rank.weightBytes)} of weights and ${largest((rank) => rank.kvBytes)} of cache`,
    // Of row splits the columns of other ranks come along.
    `fetched, by rank: ${fetched.join(', ')} as stored`,
    ...(rounding === null
      ? []
      : [
          `weights of products as ${weights}, ${(100 * rounding).toPrecision(2)} % from those that are stored, in RMS`,
        ]),
    `prefill: ${prefill.tokens} tokens in ${ms(prefill.ms)}, ${prefill.perSecond.toFixed(0)} a second`,
    ...(firstTokenMs === null ? [] : [`first token after ${ms(firstTokenMs)}`]),
    ...(decode === null
      ? []
      : [`decode: ${decode.tokens} tokens in ${ms(decode.ms)}, ${decode.perSecond.toFixed(0)} a second`]),
    // On one device the times are those of all ranks, and each tells the same.
    ...(isShared ? ranks.slice(0, 1) : ranks).map(
      (one, rank) =>
        `${isShared ? 'the device' : `rank ${rank}`}, a token in ${ms(one.ms)}: compute ${ms(one.computeMs)}, copies ${ms(one.readbackMs)}, ` +
        `ring ${ms(one.ringMs)}, wait ${ms(one.waitMs)}`,
    ),
    ...(asPlanned === null
      ? []
      : [
          `collectives of the prompt and of each token: ${asPlanned ? 'as predicted' : 'others than predicted'}`,
        ]),
    ...(why === null ? [] : [`ended by: ${why}`]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** @param {number} value */
function ms(value) {
  return value < 10 ? `${value.toFixed(2)} ms` : `${value.toFixed(0)} ms`;
}

/** @param {number} bytes */
function mib(bytes) {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
