import { useMemo, useState } from 'react';
import { type CountedModel, headsOf } from '#planner/model/parts.ts';
import type { LatentCache } from '#planner/model/share.ts';
import { CopyButton } from '#ui/components/CopyButton.tsx';
import { Switch } from '#ui/components/Fields.tsx';
import { Segmented } from '#ui/components/Options.tsx';
import { Panel } from '#ui/components/Panel.tsx';
import { DegreesTable } from './DegreesTable.tsx';
import { ALL_DEGREES, degreeRow, USUAL_DEGREES } from './degreeRows.ts';
import css from './degrees.module.css';
import { toCsv, toMarkdown } from './exportText.ts';

interface DegreesPanelProps {
  readonly model: CountedModel;
  /** Tokens in the cache. */
  readonly context: number;
  /** Bytes of a number in the cache. */
  readonly cacheBytes: number;
}

/** Who runs a model on how many tensor-parallel ranks, why not, and what to do about it. */
export function DegreesPanel({ model, context, cacheBytes }: DegreesPanelProps) {
  const [all, setAll] = useState(false);
  const [expertParallel, setExpertParallel] = useState(false);
  const [latentCache, setLatentCache] = useState<LatentCache>('absorbed');
  const rows = useMemo(() => {
    const options = { cacheBytes, expertParallel, latentCache };
    return (all ? ALL_DEGREES : USUAL_DEGREES).map((p) => degreeRow(model, p, options));
  }, [model, all, cacheBytes, expertParallel, latentCache]);
  const hasExperts = model.layers.some(({ experts }) => experts !== null);
  return (
    <Panel
      title="Which degrees are legal"
      hint="tensor parallelism, by each codebase’s own checks; bytes are those of shards cut as here"
      action={
        <div className="row gap-2">
          <CopyButton label="Copy as Markdown" text={() => toMarkdown(model.name, rows, context)} />
          <CopyButton label="Copy as CSV" text={() => toCsv(rows, context)} />
        </div>
      }
    >
      <div className={`row pad ${css['options']}`}>
        <Switch label="Every number from 1 to 64" checked={all} onChange={setAll} />
        {hasExperts && (
          <Switch
            label="Whole experts on each rank, where a codebase can"
            checked={expertParallel}
            onChange={setExpertParallel}
          />
        )}
        {headsOf(model).latent && (
          <Segmented<LatentCache>
            label="What is cached"
            value={latentCache}
            options={[
              { value: 'absorbed', label: 'latents' },
              { value: 'naive', label: 'keys, values' },
            ]}
            onChange={setLatentCache}
          />
        )}
      </div>
      <DegreesTable rows={rows} context={context} />
    </Panel>
  );
}
