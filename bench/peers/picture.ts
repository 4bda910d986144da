/** The rooflines as an SVG: what each did over the FLOP a byte of its product, below what the machine can (Williams 2009). */

import { limits } from '../../tools/cpu/limits.ts';
import { H200 } from './h200.ts';
import { spreadOf } from './race.ts';
import type { Ran } from './report.ts';
import { intensityOf, type Mark, type RoofPanel } from './roof.ts';

/** @returns null where the run has no product on the CPU, or neither limit */
export function pictureOf(races: readonly Ran[]): string | null {
  const cpu = cpuPanel(races);
  if (cpu === null) return null;
  const panels = [cpu, H200];
  const [width, height] = [panels.length * (WIDTH + GAP) + GAP, HEIGHT + 130];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Rooflines: ${panels.map(({ title }) => title).join('; ')}">`,
    `<style>${STYLE}</style>`,
    `<rect class="paper" width="${width}" height="${height}"/>`,
    ...panels.map(
      (panel, i) => `<g transform="translate(${GAP + i * (WIDTH + GAP)} 40)">${drawn(panel)}</g>`,
    ),
    '</svg>\n',
  ].join('\n');
}

const OURS_AND_OTHERS = [
  ['ours-1', 'Ringside', 'ours'],
  ['ort', 'ONNX Runtime', 'square'],
  ['tfjs', 'TensorFlow.js', 'triangle'],
  ['jax', 'jax-js', 'diamond'],
] as const;

function cpuPanel(races: readonly Ran[]): RoofPanel | null {
  const timesOf = (id: string) =>
    races.flatMap(({ work, outcomes }) => {
      const found = outcomes.find((one) => one.id === id);
      return work.kind === 'product' && work.place === 'cpu' && found?.kind === 'timed'
        ? [{ work, ms: spreadOf(found.samplesMs).value }]
        : [];
    });
  const [peak, copy] = [timesOf('peak-1')[0], timesOf('copy-1')[0]];
  if (peak === undefined || copy === undefined) return null;
  const roof = { rate: limits.peak.count / peak.ms / 1e6, traffic: limits.copy.count / copy.ms / 1e6 };
  return {
    title: 'A core of the CPU, WASM on one thread',
    roof,
    roofText: `128-bit multiply-adds: ${Math.round(roof.rate)} GFLOP/s; a copy: ${Math.round(roof.traffic)} GB/s`,
    series: OURS_AND_OTHERS.map(([id, label, mark]) => ({
      label,
      mark,
      points: timesOf(id).map(({ work: { m, k, n }, ms }) => ({
        intensity: intensityOf(m, k, n),
        gflops: (2 * m * k * n) / ms / 1e6,
      })),
    })),
  };
}

const [WIDTH, HEIGHT, GAP] = [440, 320, 60];
/** The colours of src/ui/tokens.css. */
const STYLE = `
text { font: 12px system-ui, sans-serif; fill: #4f555d; }
.title { font-weight: 600; font-size: 14px; fill: #17191c; }
.paper { fill: #fafaf8; } .axis { stroke: #e2e2dc; }
.roof { stroke: #17191c; stroke-width: 1.5; fill: none; stroke-dasharray: 4 3; }
.ours { fill: #3f74d8; } .square { fill: #2aa3bf; } .triangle { fill: #e08b1d; } .diamond { fill: #8b5e42; } .cross { fill: #676d76; }
@media (prefers-color-scheme: dark) {
  text { fill: #a9b0b8; } .title { fill: #eceef0; } .paper { fill: #0d0f12; } .axis { stroke: #2a2e35; } .roof { stroke: #eceef0; }
  .ours { fill: #6c9bf0; } .square { fill: #55c2db; } .triangle { fill: #f0a648; } .diamond { fill: #b98a6c; } .cross { fill: #8a919a; }
}`;

/** Paths about 0, each with an area of some 80 square pixels. */
const MARKS: Readonly<Record<Mark, string>> = {
  ours: 'M-5.5 0a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0 -11 0z',
  square: 'M-4.5 -4.5h9v9h-9z',
  triangle: 'M0 -6l6 10h-12z',
  diamond: 'M0 -6l6 6l-6 6l-6 -6z',
  cross: 'M-6 -1.5h4.5v-4.5h3v4.5h4.5v3h-4.5v4.5h-3v-4.5h-4.5z',
};

function drawn({ title, roof, roofText, series }: RoofPanel): string {
  const points = series.flatMap((one) => one.points);
  const xs = powersAround(
    points.map(({ intensity }) => intensity),
    4,
  );
  const ys = powersAround([...points.map(({ gflops }) => gflops), roof.rate], 10);
  const x = scale(xs, 0, WIDTH);
  const y = scale(ys, HEIGHT, 0);
  const [first = 0, last = 0] = [xs[0], xs.at(-1)];
  const bound = [first, roof.rate / roof.traffic, last].map(
    (at) =>
      `${x(at).toFixed(1)} ${y(Math.max(ys[0] ?? 0, Math.min(roof.rate, roof.traffic * at))).toFixed(1)}`,
  );
  return [
    `<text class="title" y="-20">${title}</text>`,
    ...xs.map(
      (at) =>
        `<line class="axis" x1="${x(at)}" x2="${x(at)}" y2="${HEIGHT}"/><text x="${x(at)}" y="${HEIGHT + 16}" text-anchor="middle">${plain(at)}</text>`,
    ),
    ...ys.map(
      (at) =>
        `<line class="axis" y1="${y(at)}" y2="${y(at)}" x2="${WIDTH}"/><text x="-6" y="${y(at) + 4}" text-anchor="end">${plain(at)}</text>`,
    ),
    `<text x="${WIDTH}" y="${HEIGHT + 32}" text-anchor="end">FLOP a byte</text><text x="-6" y="-6" text-anchor="middle">GFLOP/s</text>`,
    `<polyline class="roof" points="${bound.join(', ')}"/>`,
    ...series.flatMap(({ mark, points }) =>
      points.map(
        ({ intensity, gflops }) =>
          `<path class="${mark}" d="${MARKS[mark]}" transform="translate(${x(intensity).toFixed(1)} ${y(gflops).toFixed(1)})"/>`,
      ),
    ),
    ...series.map(({ label, mark }, i) => {
      const at = `translate(${10 + (i % 3) * 148} ${HEIGHT + 50 + Math.floor(i / 3) * 18})`;
      return `<g transform="${at}"><path class="${mark}" d="${MARKS[mark]}"/><text x="12" y="4">${label}</text></g>`;
    }),
    `<text y="${HEIGHT + 32}">- - ${roofText}</text>`,
  ].join('\n');
}

/** The powers of a base from below the least value to above the greatest. */
function powersAround(values: readonly number[], base: number): number[] {
  const log = (value: number): number => Math.log(value) / Math.log(base);
  const first = Math.floor(log(Math.min(...values)));
  const last = Math.ceil(log(Math.max(...values)));
  return Array.from({ length: last - first + 1 }, (_, i) => base ** (first + i));
}

function scale(ticks: readonly number[], from: number, to: number): (value: number) => number {
  const [first = 1, last = 1] = [ticks[0], ticks.at(-1)];
  return (value) => from + ((to - from) * Math.log(value / first)) / Math.log(last / first);
}

function plain(value: number): string {
  return value >= 1e4 ? `${value / 1000}k` : String(value);
}
