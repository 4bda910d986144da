/** The mark of a series: the second cue beside its colour. */
export type MarkShape = 'circle' | 'square' | 'triangle' | 'diamond' | 'cross' | 'star';

interface MarkProps {
  readonly shape: MarkShape;
  readonly x: number;
  readonly y: number;
  readonly color: string;
  /** Of another run. */
  readonly hollow: boolean;
}

/** Around its middle, about 9 px wide. */
const PATHS: Readonly<Record<MarkShape, string>> = {
  circle: 'M4.5 0A4.5 4.5 0 1 1 -4.5 0A4.5 4.5 0 1 1 4.5 0Z',
  square: 'M-4 -4H4V4H-4Z',
  triangle: 'M0 -5L4.8 3.8H-4.8Z',
  diamond: 'M0 -5.4L5.4 0L0 5.4L-5.4 0Z',
  cross: 'M-4.6 -2L-2 -4.6L0 -2.6L2 -4.6L4.6 -2L2.6 0L4.6 2L2 4.6L0 2.6L-2 4.6L-4.6 2L-2.6 0Z',
  star: 'M0 -5.6L1.5 -1.8L5.4 -1.7L2.3 0.8L3.3 4.6L0 2.4L-3.3 4.6L-2.3 0.8L-5.4 -1.7L-1.5 -1.8Z',
};

export function Mark({ shape, x, y, color, hollow }: MarkProps) {
  return (
    <path
      d={PATHS[shape]}
      transform={`translate(${x} ${y})`}
      fill={hollow ? 'var(--panel)' : color}
      stroke={hollow ? color : 'var(--panel)'}
      strokeWidth={hollow ? 1.75 : 1}
    />
  );
}

interface SeriesMarkProps {
  readonly color: string;
  readonly mark: MarkShape;
  readonly overlay: boolean;
  readonly line: boolean;
}

/** A series as it is drawn, for legends and rows. */
export function SeriesMark({ color, mark, overlay, line }: SeriesMarkProps) {
  const width = line ? 26 : 12;
  return (
    <svg width={width} height="12" viewBox={`0 0 ${width} 12`} aria-hidden="true">
      {line && (
        <path
          d={`M1 6H${width - 1}`}
          stroke={color}
          strokeWidth="2"
          strokeDasharray={overlay ? '5 3' : undefined}
        />
      )}
      <Mark shape={mark} x={width / 2} y={6} color={color} hollow={overlay} />
    </svg>
  );
}
