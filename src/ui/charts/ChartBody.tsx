import { type ReactNode, useEffect, useState } from 'react';
import { sentenceOf } from '#base/errors.ts';
import { useInTurn } from '#ui/components/useInTurn.ts';
import css from './charts.module.css';

/** The charts' library is large, and nothing above needs it. */
async function load() {
  const [{ XYChart }, { TimeChart }] = await Promise.all([
    import('./XYChart.tsx'),
    import('./TimeChart.tsx'),
  ]);
  return { XYChart, TimeChart };
}

export type ChartLibrary = Awaited<ReturnType<typeof load>>;

interface ChartBodyProps {
  /** What to run to see something here; null where there is something. */
  readonly empty: string | null;
  readonly children: (library: ChartLibrary) => ReactNode;
}

/** A chart, when the library is there. By hand: React would draw all that wait for it in one task. */
export function ChartBody({ empty, children }: ChartBodyProps) {
  const library = useInTurn(useLibrary(empty === null));
  if (empty !== null) return <p className={css['empty']}>{empty}</p>;
  if (library === null) return <p className={css['empty']}>Loading the chart …</p>;
  if (typeof library === 'string') return <p className={css['empty']}>{library}</p>;
  return <div className={css['body']}>{children(library)}</div>;
}

/** Outlives a look at another page. */
let loaded: ChartLibrary | null = null;

/** A sentence where it cannot be had, null where it is to come. */
function useLibrary(wanted: boolean): ChartLibrary | string | null {
  const [library, setLibrary] = useState<ChartLibrary | string | null>(loaded);
  useEffect(() => {
    if (!wanted || library !== null) return;
    load().then(
      (found) => {
        loaded = found;
        setLibrary(found);
      },
      (thrown) =>
        setLibrary(`The chart cannot be loaded: ${sentenceOf(thrown)} The table below has its numbers.`),
    );
  }, [wanted, library]);
  return library;
}
