import { Panel, RankBadge } from '#ui/components/Panel.tsx';
import { formatGB, formatShare } from '../chapters/say.ts';
import { tooBig } from '../chapters/tooBig.ts';
import css from './picture.module.css';
import look from './tooBig.module.css';
import { useChapter } from './useChapter.ts';

/** The weights in as many pieces as there are GPUs, each before the memory that it has to fit into. */
export function TooBigPicture() {
  const { given, answer, found } = useChapter(tooBig);
  if (given === null) return null;
  const { shares, gpu, wholeBytes, preset } = given;
  const chosen = shares.find(({ ranks }) => ranks === (found?.ranks ?? answer['ranks'])) ?? shares[0];
  if (chosen === undefined) return null;
  const memory = gpu.memoryGB * 1e9;
  const tallest = Math.max(wholeBytes, memory);
  const percent = (bytes: number): string => `${(100 * bytes) / tallest}%`;
  return (
    <Panel
      title={`${preset.label} on ${chosen.ranks === 1 ? 'one GPU' : `${chosen.ranks} GPUs`}`}
      hint="to one scale: a colour is a rank’s shard, the outline is the memory of a GPU"
    >
      <ul className={look['gpus']}>
        {Array.from({ length: chosen.ranks }, (_, rank) => {
          const held = found?.heldBytes[rank] ?? null;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: the rank is its index
            <li key={rank} data-rank={rank}>
              <div className={look['tower']}>
                <span className={look['piece']} style={{ height: percent(chosen.bytes) }} />
                <span className={look['memory']} style={{ height: percent(memory) }} />
              </div>
              <p>
                <RankBadge rank={rank} />
                <span className="num">{formatGB(chosen.bytes)}</span>
              </p>
              {found !== null && held !== null && (
                <small>
                  measured <span className="num">{formatShare(held / found.wholeBytes)}</span>
                </small>
              )}
            </li>
          );
        })}
      </ul>
      <p className={css['note']}>
        {gpu.label}: {gpu.memoryGB} GB ({gpu.source}). Weights in {preset.model.weightBytes}{' '}
        {preset.model.weightBytes === 1 ? 'byte' : 'bytes'} a number, as published
        {found === null ? '' : '; measured: of a small copy of a block, what each rank of this page kept'}.
      </p>
    </Panel>
  );
}
