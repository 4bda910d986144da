import { useMemo } from 'react';
import type { LatentCache } from '#planner/model/share.ts';
import type { ModelConfig } from '#program/modelConfig.ts';
import { CopyButton } from '#ui/components/CopyButton.tsx';
import { Switch } from '#ui/components/Fields.tsx';
import { Segmented } from '#ui/components/Options.tsx';
import { DegreesTable } from '../../plan/degrees/DegreesTable.tsx';
import { toCsv, toMarkdown } from '../../plan/degrees/exportText.ts';
import { bytesInWords, collectivesOf, factsOf } from './modelSummary.ts';
import css from './paste.module.css';
import { usePaste } from './pasteStore.ts';

/** Tokens in the cache. */
const CONTEXTS = [1024, 8192, 32_768, 131_072];

/** What the model is, and a line for each number of ranks. */
export function ModelAnswer({ model }: { readonly model: ModelConfig }) {
  const { all, latentCache, context, set, rows } = usePaste((state) => state);
  const facts = useMemo(() => factsOf(model), [model]);
  const collectives = useMemo(() => collectivesOf(model), [model]);
  const latent = model.blocks.some(({ block }) => block.attention.kind === 'mla');
  const contexts = CONTEXTS.filter((tokens) => tokens <= model.maxPositions);
  const offered = contexts.includes(context) ? contexts : [...contexts, context].sort((a, b) => a - b);
  return (
    <div className={css['answer']}>
      <h3>
        {model.name} <small>{model.architecture}</small>
      </h3>
      <dl className={css['facts']}>
        {facts.map(({ label, text }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <p>
        One token of decoding takes <strong>{collectives}</strong>, on any number of ranks above one.{' '}
        {bytesInWords(model)}
      </p>
      <div className={css['options']}>
        <Segmented
          label="Tokens in the cache"
          value={context}
          options={offered.map((tokens) => ({ value: tokens, label: inThousands(tokens) }))}
          onChange={(tokens) => set({ context: tokens })}
        />
        {latent && (
          <Segmented<LatentCache>
            label="What is cached"
            value={latentCache}
            options={[
              { value: 'absorbed', label: 'latents' },
              { value: 'naive', label: 'keys, values' },
            ]}
            onChange={(cache) => set({ latentCache: cache })}
          />
        )}
        <Switch label="Every number from 1 to 64" checked={all} onChange={(on) => set({ all: on })} />
        <CopyButton label="Copy as Markdown" text={() => toMarkdown(model.name, rows, context)} />
        <CopyButton label="Copy as CSV" text={() => toCsv(rows, context)} />
      </div>
      <DegreesTable rows={rows} context={context} />
    </div>
  );
}

/** 8192 → "8k": tokens are counted in powers of two. */
function inThousands(tokens: number): string {
  return tokens % 1024 === 0 ? `${tokens / 1024}k` : tokens.toLocaleString('en');
}
