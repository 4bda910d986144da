import { useMemo } from 'react';
import { Disclosure } from '#ui/components/Fold.tsx';
import { formatBytes } from '#ui/format.ts';
import { useSplit } from '../useSplit.ts';
import css from './glance.module.css';
import { type GlanceRow, glanceOf } from './glance.ts';

/** All splits side by side, to choose from. */
export function Glance() {
  const params = useSplit((state) => state.params);
  const change = useSplit((state) => state.change);
  const rows = useMemo(() => glanceOf(params), [params]);
  if (rows.length === 0) return null;
  return (
    <div className={css['glance']}>
      <Disclosure title="Splits at a glance">
        {() => (
          <table>
            <thead>
              <tr>
                <th scope="col">a rank</th>
                <th scope="col">keeps</th>
                <th scope="col">sends</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.label} data-chosen={row.chosen || undefined}>
                  <th scope="row">
                    <button
                      type="button"
                      className="bare"
                      aria-pressed={row.chosen}
                      onClick={() => change(row.patch)}
                    >
                      {row.label}
                    </button>
                    <small>{noteOf(row)}</small>
                  </th>
                  <td className="num">{formatBytes(row.weightBytes)}</td>
                  <td className="num">{formatBytes(row.sentBytes)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Disclosure>
    </div>
  );
}

function noteOf({ collective, exact }: GlanceRow): string {
  const bits = exact ? 'same bits' : 'last bits may differ';
  return collective === '' ? bits : `${collective}, ${bits}`;
}
