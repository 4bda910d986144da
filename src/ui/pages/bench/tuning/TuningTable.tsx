import { type ShapeClass, shapeOf } from '#tuning/shapeClass.ts';
import type { Tuned, TunedTable } from '#tuning/table.ts';
import { ScrollRegion } from '#ui/components/Panel.tsx';
import { digits, formatTimes } from '#ui/units.ts';
import css from './tuning.module.css';

/** A row a class of shapes: what would have been taken, what is, and what that gains. */
export function TuningTable({ table }: { readonly table: TunedTable }) {
  const rows = Object.entries(table.linear) as [ShapeClass, Tuned][];
  const refused = new Map(rows.flatMap(([, tuned]) => tuned.refused));
  return (
    <>
      <ScrollRegion label="Fastest kernels, table">
        <table className={`table ${css['table']}`}>
          <thead>
            <tr>
              <th scope="col">M × K × N, up to</th>
              <th scope="col">guessed</th>
              <th scope="col">GFLOP/s</th>
              <th scope="col">chosen</th>
              <th scope="col">GFLOP/s</th>
              <th scope="col">speed-up</th>
              <th scope="col">kernels timed</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([cls, tuned]) => (
              <Row key={cls} cls={cls} tuned={tuned} />
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      <p className={`quiet pad ${css['words']}`}>
        {table.adapter}, {table.browser}, kernels <span className="num">{table.kernels}</span>,{' '}
        <span className="num">{table.date.slice(0, 16).replace('T', ' ')}</span>. A kernel is chosen where it
        beats the guess by 4 % or more; another browser, adapter or text of the kernels starts a table anew.
      </p>
      {[...refused].map(([id, why]) => (
        <p key={id} className={`quiet pad ${css['warn']}`}>
          {id} {why}: refused.
        </p>
      ))}
    </>
  );
}

function Row({ cls, tuned }: { readonly cls: ShapeClass; readonly tuned: Tuned }) {
  const { variant, guess, mediansMs } = tuned;
  const [before, after] = [guess, variant].map((id) => mediansMs.find(([one]) => one === id)?.[1]);
  const gain = before === undefined || after === undefined ? '–' : formatTimes(before / after);
  return (
    <tr data-changed={variant !== guess || undefined}>
      <th scope="row" className="num">
        {className(cls)}
      </th>
      <td className={css['kernel']}>{guess}</td>
      <td className="num">{rateOf(tuned, before)}</td>
      <td className={css['kernel']}>{variant}</td>
      <td className="num">{rateOf(tuned, after)}</td>
      <td className="num">{gain}</td>
      <td className="num">{mediansMs.length}</td>
    </tr>
  );
}

/** "64 × 2048 × 8192". */
export function className(cls: ShapeClass): string {
  const shape = shapeOf(cls);
  return shape === null ? cls : [shape.m, shape.k, shape.n].join(' × ');
}

function rateOf({ timed: { m, k, n } }: Tuned, ms: number | undefined): string {
  return ms === undefined ? '–' : digits((2 * m * k * n) / ms / 1e6);
}
