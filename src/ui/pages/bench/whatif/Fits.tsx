import type { PlaceModel } from '#lab/bench/predict.ts';
import { digits, formatBandwidth, formatRate } from '#ui/units.ts';
import { placeLabel, wayLabel } from '../series.ts';
import css from './whatIf.module.css';
import { planHref } from './whatIf.ts';

/** What the run says of its links and rates, and how well that fits. */
export function Fits({ models }: { readonly models: readonly PlaceModel[] }) {
  const lines = models.flatMap((place) => [
    ...[...place.links].map(([transport, link]) => {
      const { alphaMs, betaGBs, error, count } = link;
      const beta = Number.isFinite(betaGBs)
        ? `β = ${formatBandwidth(betaGBs)}`
        : 'no cost of bytes to be seen';
      return {
        label: wayLabel({ ...place, transport }),
        text: `α = ${digits(1000 * alphaMs)} µs a step, ${beta}; off by ${Math.round(100 * error)} % in the middle of ${count} cells`,
        href: planHref(place, link),
      };
    }),
    ...place.unfit.map((transport) => ({
      label: wayLabel({ ...place, transport }),
      text:
        transport === 'one-device'
          ? 'no fit: its collectives are kernels of one device, with no steps between ranks'
          : 'no fit: at one size steps and bytes cannot be told apart',
      href: null,
    })),
    ...(place.rate === null
      ? []
      : [
          {
            label: `${placeLabel(place)}, layers`,
            text: [...place.rate.byRanks]
              .toSorted(([a], [b]) => a - b)
              .map(([ranks, rate]) => `${formatRate(rate)} a rank of ${ranks}`)
              .join(', '),
            href: null,
          },
        ]),
  ]);
  if (lines.length === 0) return null;
  return (
    <dl className={css['fits']}>
      {lines.map(({ label, text, href }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            {text}
            {href !== null && (
              <>
                {' '}
                <a
                  href={href}
                  title="It takes the place of the datasheet for what joins GPUs inside of a node"
                >
                  Plan with this link
                </a>
              </>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
