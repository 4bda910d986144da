import { Mark, type MarkShape } from '#ui/charts/Mark.tsx';

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
