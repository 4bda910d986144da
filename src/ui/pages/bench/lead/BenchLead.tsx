import { useMemo } from 'react';
import { estimateOf } from '#lab/bench/runner.ts';
import { useInTurn } from '#ui/components/useInTurn.ts';
import { counted, type Sentence } from '#ui/components/words.ts';
import { LeadText } from '#ui/page/Lead.tsx';
import { formatAhead } from '../units.ts';
import { useBench, useResults, useShown } from '../useBench.ts';
import { findingsOf } from './findings.ts';

/** What was found; before that, what there is to find. */
export function BenchLead() {
  const header = useShown();
  const results = useInTurn(useResults());
  const options = useBench((state) => state.options);
  const problem = useBench((state) => state.problem);
  const phase = useBench((state) => state.phase);
  const sentence = useMemo((): Sentence => {
    if (results.length > 0) return findingsOf(results);
    if (header !== null && phase !== 'idle') {
      return { title: 'Measuring', body: ['The first results appear as soon as they are there.'] };
    }
    const aim = 'Measure the ring, the layers and the kernels on this machine';
    if (problem !== null) return { title: aim, body: ['What is chosen cannot run; the controls say why.'] };
    const { cases, ms } = estimateOf(options);
    return {
      title: aim,
      body: [
        { strong: counted(cases, 'cell') },
        ', about ',
        { strong: formatAhead(ms) },
        '. Each is timed at least ten times and its result is checked. Nothing starts by itself.',
      ],
    };
  }, [results, header, phase, problem, options]);
  return <LeadText {...sentence} />;
}
