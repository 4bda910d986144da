import { Defined } from '#ui/components/term/Defined.tsx';
import { ExplainPanel } from '#ui/page/ExplainPanel.tsx';
import css from './model.module.css';

const POINTS: readonly { readonly title: string; readonly text: string }[] = [
  {
    title: 'A token at a time.',
    text:
      'The prompt is cut into tokens, and all of them go through the model at once: that is the prefill. The last one’s ' +
      'logits, a number for every token of the vocabulary, say what is likely to come next. One is drawn, and goes ' +
      'through the model alone; so does the next.',
  },
  {
    title: 'Each rank has a part of every layer.',
    text:
      'Of attention it has some heads, with the keys and values of all earlier tokens for those heads; of the MLP some ' +
      'of the columns of the first matrices, and the same rows of the last one; of a mixture of experts it has some ' +
      'experts, whole. After each of the two halves of a ' +
      'layer each rank has a partial, and one all-reduce adds them up. So a token costs two for each layer, one for the ' +
      'embedding, and one all-gather for the logits.',
  },
  {
    title: 'Why more ranks can be slower.',
    text:
      'The work of a token is divided, but the meetings are not: with more ranks there is less to compute between two ' +
      'of them, and the same number of times to wait. A large model gains, a small one loses; the bars of a token show ' +
      'which of the two it is.',
  },
  {
    title: 'The text stays the same.',
    text:
      'The ranks add the same numbers in another order, so logits differ in the last digits; the likeliest token hardly ' +
      'ever does. “On other ranks” shows whether it did.',
  },
];

/** What the page shows, for those who do not know it yet. */
export function Explain() {
  return (
    <ExplainPanel hint="how a model that is cut over ranks writes one text">
      <div className={`quiet stack pad-foot ${css['explain']}`}>
        {POINTS.map(({ title, text }) => (
          <p key={title}>
            <b>{title}</b> <Defined text={text} />
          </p>
        ))}
      </div>
    </ExplainPanel>
  );
}
