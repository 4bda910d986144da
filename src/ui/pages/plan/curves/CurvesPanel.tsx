import { memo } from 'react';
import { linearTicks, powerTicks } from '#ui/charts/axis.ts';
import { ChartBody } from '#ui/charts/ChartBody.tsx';
import { Legend, marked } from '#ui/charts/Legend.tsx';
import type { NamedSeries } from '#ui/charts/XYChart.tsx';
import { Panel } from '#ui/components/Panel.tsx';
import frame from '#ui/page/frame.module.css';
import type { AnswerProps } from '../Answered.tsx';
import plan from '../plan.module.css';
import { rate } from '../words.ts';
import { contextSeries, frontOf, tradeoffSeries } from './series.ts';

/** What more sequences at once, and longer ones, do. In training there is nothing to choose between. */
export const CurvesPanel = memo(function CurvesPanel({ answer }: AnswerProps) {
  if (answer.question.load.work === 'train') return null;
  const tradeoff = tradeoffSeries(answer);
  const context = contextSeries(answer);
  return (
    <div className={`${frame['two']} ${plan['two']}`}>
      <Panel
        title="More at once"
        hint="each point has twice the sequences; dotted: what none of them beats in both"
      >
        <Legend entries={marked(tradeoff)} />
        <ChartBody empty={isEmpty(tradeoff) ? 'What does not fit has no curve.' : null}>
          {({ XYChart }) => (
            <XYChart
              x={linearAxis('tokens/s of one sequence', tradeoff, 'x')}
              y={linearAxis('tokens/s a GPU', tradeoff, 'y')}
              series={tradeoff}
              references={frontOf(answer)}
            />
          )}
        </ChartBody>
      </Panel>
      <Panel title="Longer sequences" hint="as many at once as were asked for, up to what fits">
        <Legend entries={marked(context)} />
        <ChartBody empty={isEmpty(context) ? 'What does not fit has no curve.' : null}>
          {({ XYChart }) => (
            <XYChart
              x={{
                label: 'tokens of prompt and answer',
                log: true,
                ticks: powerTicks(valuesOf(context, 'x'), 2),
                format: inThousands,
              }}
              y={linearAxis('tokens/s of one sequence', context, 'y')}
              series={context}
              references={[]}
            />
          )}
        </ChartBody>
      </Panel>
    </div>
  );
});

function isEmpty(series: readonly NamedSeries[]): boolean {
  return series.every(({ points }) => points.length === 0);
}

function valuesOf(series: readonly NamedSeries[], axis: 'x' | 'y'): number[] {
  return series.flatMap(({ points }) => points.map((point) => point[axis]));
}

function linearAxis(label: string, series: readonly NamedSeries[], axis: 'x' | 'y') {
  return {
    label,
    log: false,
    ticks: linearTicks(Math.max(0, ...valuesOf(series, axis))),
    format: (value: number) => rate(value),
  };
}

/** 8k: tokens are counted in powers of two. */
function inThousands(tokens: number): string {
  return tokens >= 1024 ? `${tokens / 1024}k` : String(tokens);
}
