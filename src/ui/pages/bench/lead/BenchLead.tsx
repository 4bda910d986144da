import { useMemo } from 'react';
import { useInTurn } from '#ui/components/useInTurn.ts';
import { counted, type Sentence } from '#ui/components/words.ts';
import { LeadText } from '#ui/page/Lead.tsx';
import { formatAhead } from '#ui/units.ts';
import { useBench, useEstimate, useResults, useShown } from '../useBench.ts';
import { findingsOf } from './findings.ts';

/** What was found; before that, what there is to find. */
export function BenchLead() {
  const header = useShown();
  const results = useInTurn(useResults());
  const estimate = useEstimate();
  const phase = useBench((state) => state.phase);
  const sentence = useMemo((): Sentence => {
    if (results.length > 0) return findingsOf(results, header?.environment.cores || undefined);
    if (header !== null && phase !== 'idle') {
      return { title: 'Measuring', body: ['The first results appear as soon as they are there.'] };
    }
    const aim = 'Measure the ring, the layers and the kernels on this machine';
    if (estimate === null) return { title: aim, body: ['What is chosen cannot run; the controls say why.'] };
    const { cases, ms } = estimate;
    return {
      title: aim,
      body: [
        { strong: counted(cases, 'cell') },
        ', about ',
        { strong: formatAhead(ms) },
        '. Each is timed at least ten times and its result is checked. Nothing starts by itself.',
      ],
    };
  }, [results, header, phase, estimate]);
  return <LeadText {...sentence} />;
}
