import type { Latency, ServingResult } from '#bench/serving/serving.ts';
import { ScrollRegion } from '#ui/components/Panel.tsx';
import { counted } from '#ui/components/words.ts';
import { formatCount } from '#ui/format.ts';
import { digits } from '#ui/units.ts';
import { useBench } from '../useBench.ts';
import css from './runs.module.css';

const SOURCES: Readonly<Record<ServingResult['source'], string>> = { vllm: 'vLLM', sglang: 'SGLang' };

/** What the last import held of serving: no collective, so nothing that the charts draw. */
export function ServingRead() {
  const serving = useBench((state) => state.serving);
  return (
    <div role="status">
      {serving !== null && (
        <section className={css['serving']} aria-label="Results of serving" data-part="serving">
          <p>
            {serving.name} holds {counted(serving.results.length, 'result')} of serving. They are measured
            between requests and a server, and not between ranks: the charts, which draw collectives, leave
            them out. <a href="#/plan">The Plan page</a> predicts such figures from a model and its machines.
          </p>
          <ScrollRegion label="Results of serving, table">
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">model</th>
                  <th scope="col">by</th>
                  <th scope="col">TP</th>
                  <th scope="col">requests a second</th>
                  <th scope="col">at once</th>
                  <th scope="col">output tokens/s</th>
                  <th scope="col">all tokens/s</th>
                  <th scope="col">first token, ms</th>
                  <th scope="col">each further, ms</th>
                </tr>
              </thead>
              <tbody>
                {serving.results.map((result, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes, and two may be alike
                  <ServingRow key={i} result={result} />
                ))}
              </tbody>
            </table>
          </ScrollRegion>
        </section>
      )}
    </div>
  );
}

function ServingRow({ result }: { readonly result: ServingResult }) {
  const { model, source, tensorParallel, requestRate, concurrency, ttftMs, tpotMs, itlMs } = result;
  return (
    <tr>
      <th scope="row">{model === '' ? 'not told' : model}</th>
      <td>{SOURCES[source]}</td>
      <td className="num">{tensorParallel ?? '–'}</td>
      <td className="num">
        {requestRate === null ? '–' : Number.isFinite(requestRate) ? digits(requestRate) : 'all'}
      </td>
      <td className="num">{concurrency === null ? 'no limit' : formatCount(concurrency)}</td>
      <td className="num">{digits(result.outputTokensPerSecond)}</td>
      <td className="num">{digits(result.totalTokensPerSecond)}</td>
      <td className="num">{latencyText(ttftMs)}</td>
      <td className="num">{latencyText(tpotMs ?? itlMs)}</td>
    </tr>
  );
}

/** "49.1, p99 55.5" */
function latencyText(latency: Latency | null): string {
  if (latency === null) return '–';
  return latency.p99 === null
    ? digits(latency.median)
    : `${digits(latency.median)}, p99 ${digits(latency.p99)}`;
}
