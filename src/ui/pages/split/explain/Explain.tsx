import { ScrollRegion } from '#ui/components/Panel.tsx';
import { Defined } from '#ui/components/term/Defined.tsx';
import { ExplainPanel } from '#ui/page/ExplainPanel.tsx';
import { CARDS } from './cards.ts';
import { Diagram } from './Diagram.tsx';
import css from './explain.module.css';

/** The three ways to cut, side by side, and what others call them. */
export function Explain() {
  return (
    <ExplainPanel hint="the three ways to cut, and their names elsewhere">
      <div className={css['cards']}>
        {CARDS.map(({ id, title, formula, text, moves }) => (
          <article key={id}>
            <h3>{title}</h3>
            <Diagram id={id} />
            {formula}
            <p>
              <Defined text={text} />
            </p>
            <p className={css['moves']}>
              <Defined text={moves} />
            </p>
          </article>
        ))}
      </div>
      <NamesTable />
    </ExplainPanel>
  );
}

const HEADS = [
  'Here, PyTorch, Megatron',
  'Cut dimension of the stored weight',
  'Hugging Face',
  'distributed-llama',
  'In Σₖ x[i,k]·w[k,j]',
];

const ROWS: readonly (readonly string[])[] = [
  ['column split', '0, out-features', 'colwise', 'sliceRowMatmul', 'j is cut'],
  ['row split', '1, in-features', 'rowwise', 'sliceColMatmul', 'k is cut'],
  ['batch or sequence split', 'none: x is cut', '–', '–', 'i is cut'],
];

/** The same cut has opposite names, since a stored weight is W turned round. */
function NamesTable() {
  return (
    <>
      <p className={`quiet ruled ${css['names']}`}>
        Mind the names. PyTorch stores W as <span className="num">[out, in]</span>, turned round, so the
        columns of W are rows of what is stored, and some projects name the cut after those.
      </p>
      <ScrollRegion label="Names of the cuts in other projects">
        <table className={`table ${css['table']}`}>
          <thead>
            <tr>
              {HEADS.map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {ROWS.map(([name, ...cells]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {cells.map((cell, index) => (
                  <td key={HEADS[index + 1]}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </>
  );
}
