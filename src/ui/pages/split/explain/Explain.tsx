import { ExplainPanel } from '#ui/page/ExplainPanel.tsx';
import { CARDS } from './cards.ts';
import { Diagram } from './Diagram.tsx';
import { NamesTable } from './NamesTable.tsx';
import './explain.css';

/** The three ways to cut, side by side, and what others call them. */
export function Explain() {
  return (
    <ExplainPanel hint="the three ways to cut, and their names elsewhere">
      <div className="explain-cards">
        {CARDS.map(({ id, title, formula, text, moves }) => (
          <article key={id}>
            <h3>{title}</h3>
            <Diagram id={id} />
            {formula}
            <p>{text}</p>
            <p className="explain-moves">{moves}</p>
          </article>
        ))}
      </div>
      <NamesTable />
    </ExplainPanel>
  );
}
