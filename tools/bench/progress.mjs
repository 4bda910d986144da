// Says on stderr how far a benchmark is, for stdout is its result's.

/**
 * @typedef {import('../../src/lab/bench/runner.ts').BenchProgress} BenchProgress
 * @typedef {import('../../src/bench/record.ts').BenchCase} BenchCase
 */

/** Where nobody watches, a line as often as this, and one to begin with. */
const SPARSE_MS = 5_000;

/** @param {(shape: Readonly<Record<string, number>>) => string} shapeText */
export function createProgress(shapeText) {
  const { stderr } = process;
  let last = Number.NEGATIVE_INFINITY;

  /** @param {BenchCase} one */
  function nameOf({ op, backend, placement, worldSize, shape, bytes, variant }) {
    const size = Object.keys(shape).length > 0 ? shapeText(shape) : `${bytes} B`;
    const device = placement === 'one-device' ? 'on one device' : '';
    const where = [variant, backend, `${worldSize} rank${worldSize === 1 ? '' : 's'}`, device];
    return [op, size, ...where.filter((part) => part !== '')].join(', ');
  }

  return {
    /** @param {BenchProgress} progress */
    show({ done, total, current, leftMs }) {
      if (current === null) return;
      const left = leftMs === null ? '' : `, ${timeText(leftMs)} left`;
      const line = `${done}/${total}${left}: ${nameOf(current)}`;
      if (stderr.isTTY) {
        stderr.write(`\r\x1b[K${line.slice(0, stderr.columns - 1)}`);
      } else if (performance.now() - last >= SPARSE_MS) {
        last = performance.now();
        stderr.write(`${line}\n`);
      }
    },
    /** Takes the line away. */
    end() {
      if (stderr.isTTY) stderr.write('\r\x1b[K');
    },
  };
}

/** @param {number} ms */
function timeText(ms) {
  const seconds = Math.ceil(ms / 1000);
  return seconds < 100 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
