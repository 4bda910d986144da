import { groupBy } from '#base/groupBy.ts';
import { firstDifference, keyOf } from '#lab/model/comparison.ts';
import type { ModelState } from '#lab/model/state.ts';
import type { PlannedCall } from '#lab/model/tokenPlan.ts';
import { ScrollRegion } from '#ui/components/Panel.tsx';
import { counted } from '#ui/components/words.ts';
import { formatBytes } from '#ui/format.ts';
import { Proof, ProofToCome } from '#ui/page/Lead.tsx';
import { useModel } from '../useModel.ts';

/** Whether every token was made as the plan says, and by all ranks alike. */
export function ModelProof() {
  const checked = useModel((state) => state.checked);
  const hasRead = useModel((state) => state.checkedRead !== null);
  const differences = useModel((state) => state.differences);
  const loaded = useModel((state) => state.loaded);
  const problem = useModel((state) => state.problem);
  const shown = useModel(({ turns }) => turns.reduce((sum, { tokens }) => sum + tokens.length, 0));
  const busy = useModel((state) => state.phase !== 'idle');
  if (loaded === null || checked === 0) return problem === null && <ProofToCome busy={busy} />;
  const pass = differences.length === 0;
  const calls = loaded.planned[0]?.length ?? 0;
  const isMore = checked > shown ? ', in all texts so far' : '';
  const text = pass
    ? `Checked: ${counted(checked, 'token')}, each with the ${calls} collectives of the plan${hasRead ? ', the prompt too' : ''}, and the same on every rank${isMore}`
    : `Wrong: some collectives were not those of the plan`;
  return (
    <Proof pass={pass} text={text}>
      <Details />
    </Proof>
  );
}

function Details() {
  const differences = useModel((state) => state.differences);
  const planned = useModel((state) => state.loaded?.planned[0] ?? NONE);
  const shared = useModel((state) => state.loaded?.placement === 'one-device');
  const read = useModel((state) => state.checkedRead);
  const elsewhere = useElsewhere();
  return (
    <>
      <p>
        The plan is made from the sizes in config.json alone. Each rank writes down every collective that it
        takes part in, with its bytes, and what it gets from the others
        {shared && ', which on one device is nothing'}; for each token, and for what is read at once before
        the first, both are compared, on every rank. And every rank draws the next token by itself, from the
        same logits with the same seed: they have to agree.
      </p>
      {differences.map((text) => (
        <p key={text} className="bad">
          ✗ {text}
        </p>
      ))}
      <ScrollRegion label="Collectives, planned and made">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">of</th>
              <th scope="col">collective</th>
              <th scope="col">times</th>
              <th scope="col">whole buffer</th>
              <th scope="col">a rank reads</th>
            </tr>
          </thead>
          <tbody>
            <CallRows of="a token" planned={planned} />
            {read !== null && (
              <CallRows of={`${counted(read.tokens, 'token')} at once`} planned={read.planned} />
            )}
          </tbody>
        </table>
      </ScrollRegion>
      <p>{elsewhere}</p>
    </>
  );
}

/** A row for each kind of collective in a pass, and each size of its buffer. */
function CallRows({ of, planned }: { readonly of: string; readonly planned: readonly PlannedCall[] }) {
  return [...groupBy(planned, ({ kind, bytes }) => `${kind} ${bytes}`)].map(([key, calls]) => (
    <tr key={key}>
      <th scope="row">{of}</th>
      <td>{calls[0]?.kind}</td>
      <td className="num">{calls.length} ×</td>
      <td className="num">{formatBytes(calls[0]?.bytes ?? 0)}</td>
      <td className="num">{formatBytes(calls.reduce((sum, one) => sum + one.readBytes, 0))}</td>
    </tr>
  ));
}

const NONE: NonNullable<ModelState['loaded']>['planned'][number] = [];

/** Whether the same text came out on other ranks. */
function useElsewhere(): string {
  const runs = useModel((state) => state.runs);
  const params = useModel((state) => state.params);
  const recommended = useModel((state) => state.folder?.sampling);
  if (recommended === undefined) return '';
  const key = keyOf(params, { ...recommended, ...params.sampling });
  const alike = runs.filter((run) => run.key === key);
  const [first, ...others] = alike;
  if (first === undefined || others.length === 0)
    return 'Whether other ranks write the same is shown below, under “On other ranks”.';
  const same = others.filter((run) => firstDifference(run.ids, first.ids) === null).length;
  return `The same text was written by ${counted(alike.length, 'group')} of ranks: ${same === others.length ? 'token for token the same.' : 'not all tokens are the same; see below.'}`;
}
