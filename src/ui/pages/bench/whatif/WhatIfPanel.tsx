import { useMemo, useState } from 'react';
import { isLayerCase, type LayerCase } from '#lab/bench/layerCost.ts';
import { modelsOf } from '#lab/bench/predict.ts';
import { isTrusted } from '#lab/bench/trust.ts';
import { FABRICS } from '#machines/fabrics.ts';
import { GPUS } from '#machines/gpus.ts';
import { EFFICIENCY } from '#planner/pass.ts';
import { Panel } from '#ui/components/Panel.tsx';
import { LabelledSelect } from '#ui/components/Select.tsx';
import { useInTurn } from '#ui/components/useInTurn.ts';
import { PageLink } from '#ui/shell/PageLink.tsx';
import { opLabel, placeLabel, shapeLabel, workKey } from '../series.ts';
import table from '../table/table.module.css';
import { useResults } from '../useBench.ts';
import { Fits } from './Fits.tsx';
import { GuessTable } from './GuessTable.tsx';
import css from './whatIf.module.css';
import { DEGREES, guessHere, guessThere, linkOfLayer, problemThere } from './whatIf.ts';

const HERE = 'here';

/** A layer on ranks that nobody has started. */
export function WhatIfPanel() {
  const all = useInTurn(useResults());
  // A prediction adds up what blocks of rows do at once.
  const results = useMemo(() => all.filter(({ shape }) => shape['blocks'] === undefined), [all]);
  const models = useMemo(() => modelsOf(results), [results]);
  const layers = useMemo(() => layersOf(results.filter(isLayerCase)), [results]);
  const [layerKey, setLayer] = useState('');
  const [placeKey, setPlace] = useState('');
  const [gpuId, setGpu] = useState(HERE);
  const [fabricId, setFabric] = useState('nvlink');
  const places = models.filter(({ rate }) => rate !== null);
  const layer = layers.get(layerKey) ?? [...layers.values()][0];
  const place = places.find((one) => placeLabel(one) === placeKey) ?? places[0];
  const gpu = GPUS.find(({ id }) => id === gpuId);
  const fabric = FABRICS.find(({ id }) => id === fabricId);
  const cells = useMemo(() => {
    if (layer === undefined || place === undefined) return [];
    const own = results.filter((one) => placeLabel(one) === placeLabel(place));
    return own.filter((one) => isTrusted(one) && workKey(one) === workKey(layer));
  }, [results, layer, place]);
  const guesses = useMemo(() => {
    if (layer === undefined || place === undefined || fabric === undefined) return [];
    if (gpu !== undefined) {
      return DEGREES.map((ranks) => guessThere(layer, ranks, gpu, fabric));
    }
    const link = linkOfLayer(place, cells);
    return DEGREES.map((ranks) => guessHere(place, link, layer, ranks));
  }, [layer, place, cells, gpu, fabric]);
  if (models.length === 0) return null;
  return (
    <Panel
      title="What would more ranks cost?"
      hint="predicted by what this run fits: t = steps · α + bytes / β"
    >
      <Fits models={models} />
      {layer === undefined || place === undefined ? (
        <p className={table['empty']}>Run the layers, and the ring on two ranks, to predict a layer.</p>
      ) : (
        <>
          <div className={`row pad ruled ${css['choices']}`}>
            <LabelledSelect
              label="Layer"
              value={workKey(layer)}
              options={[...layers].map(([value, one]) => ({
                value,
                label: `${opLabel(one.op)}, ${shapeLabel(one)}`,
              }))}
              onChange={setLayer}
            />
            <LabelledSelect
              label="On"
              value={gpuId}
              options={[
                {
                  value: HERE,
                  label: place.shared ? 'as measured, one machine shared' : 'as measured, a GPU a rank',
                },
                ...GPUS.map(({ id, label }) => ({ value: id, label: `${label}, one a rank` })),
              ]}
              onChange={setGpu}
            />
            {gpu === undefined && places.length > 1 && (
              <LabelledSelect
                label="As"
                value={placeLabel(place)}
                options={places.map((one) => ({ value: placeLabel(one), label: placeLabel(one) }))}
                onChange={setPlace}
              />
            )}
            {gpu !== undefined && (
              <LabelledSelect
                label="Over"
                value={fabricId}
                options={FABRICS.map(({ id, label }) => ({ value: id, label }))}
                onChange={setFabric}
              />
            )}
          </div>
          <GuessTable
            guesses={guesses}
            measured={gpu === undefined ? cells : []}
            missing={
              gpu === undefined || fabric === undefined
                ? 'More ranks cannot be predicted: what the layer’s collectives would cost was not measured, or fits no steps.'
                : (DEGREES.map((ranks) => problemThere(gpu, fabric, ranks)).find(
                    (problem) => problem !== null,
                  ) ?? '')
            }
          />
          <p className={`quiet pad ${css['note']}`}>
            {gpu === undefined
              ? place.shared
                ? 'More ranks than were measured share what the machine has.'
                : 'More ranks than were measured bring a GPU each.'
              : `bfloat16, at ${100 * EFFICIENCY.flops} % of the FLOPs, or as fast as the weights can be read at ${100 * EFFICIENCY.memory} % of the bandwidth; collectives by the quickest of what a library would choose from. ${gpu.label}: ${gpu.source}. ${fabric?.label}: ${fabric?.source}.`}{' '}
            Left out: kernels that do not fill a GPU, overlap of the ring with computing, and links that are
            shared. A whole model on machines of your choice is on the{' '}
            <PageLink page="plan">Plan page</PageLink>.
          </p>
        </>
      )}
    </Panel>
  );
}

function layersOf(cases: readonly LayerCase[]): Map<string, LayerCase> {
  return new Map(cases.map((one) => [workKey(one), one]));
}
