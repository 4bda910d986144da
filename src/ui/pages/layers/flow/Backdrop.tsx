import { memo } from 'react';
import { Prose } from '#ui/components/term/Defined.tsx';
import css from './flow.module.css';
import type { FlowLayout } from './layoutTypes.ts';
import { Lines } from './NodeView.tsx';

/** What lies behind the boxes: lanes, stage names, frames of loops, and the lines of what is added again. */
export const Backdrop = memo(function Backdrop({ layout }: { readonly layout: FlowLayout }) {
  const { lanes, stages, frames, residuals, width, height } = layout;
  return (
    <>
      {lanes.map(({ rank, x, width: lane }) => (
        <div key={rank} className={css['lane']} data-rank={rank} style={{ left: x, width: lane }} />
      ))}
      {stages.map(({ title, note, x, y, width: label, height: high }, index) => (
        <p
          // biome-ignore lint/suspicious/noArrayIndexKey: stages keep their order, while a new run moves them up or down
          key={index}
          className={css['stage']}
          data-labels={layout.labels}
          style={{ left: x, top: y, width: label, minHeight: high }}
        >
          <Prose>
            <b>{title}</b> <span>{note}</span>
          </Prose>
        </p>
      ))}
      {frames.map(({ rank, x, y, width: frame, height: high, lines, share }, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: likewise
          key={index}
          className={css['frame']}
          data-rank={rank}
          style={{ left: x, top: y, width: frame, height: high }}
        >
          <Lines lines={lines} />
          <i className={css['share']} style={{ width: `calc(${share} * (100% - 14px))` }} />
        </div>
      ))}
      <svg className={css['under']} width={width} height={height} aria-hidden="true">
        {residuals.map(({ key, rank, points }) => {
          const [tip, before] = [points.at(-1), points.at(-2)];
          const back = (before?.[0] ?? 0) > (tip?.[0] ?? 0) ? 5 : -5;
          return (
            <path
              key={key}
              className={css['residual']}
              data-rank={rank}
              d={`M${points.map(([x, y]) => `${x} ${y}`).join('L')}m${back}-4l${-back} 4l${back} 4`}
            />
          );
        })}
      </svg>
    </>
  );
});
