import { ControlsDrawer } from '#ui/components/ControlsDrawer.tsx';
import { listed } from '#ui/components/words.ts';
import { ExportBox } from '../runs/ExportBox.tsx';
import { useBench } from '../useBench.ts';
import { BenchControls } from './BenchControls.tsx';
import { RunBox } from './RunBox.tsx';

/** As the chips below call them. */
const WORDS = { collectives: 'ring', layers: 'layers', gemm: 'kernels' } as const;

/** On a narrow screen the button to run stays in sight; what is chosen folds away. */
export function BenchControlsDrawer() {
  const { suites, ranks } = useBench((state) => state.options);
  const wrong = useBench((state) => state.problem !== null);
  const summary = (
    <>
      <span className="bench-drawer-suites">{listed(suites.map((suite) => WORDS[suite]))}</span>
      <span>{listed(ranks.map(String))} ranks</span>
    </>
  );
  return (
    <>
      <ControlsDrawer summary={summary} wrong={wrong}>
        <BenchControls withRun={false} />
      </ControlsDrawer>
      <div className="panel bench-run-panel">
        <RunBox />
        <ExportBox />
      </div>
    </>
  );
}
