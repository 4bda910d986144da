/** The Model page in words: what the ranks are doing, or did. */

import { textOf } from '#lab/model/conversation.ts';
import { mostReadBytes } from '#lab/model/facts.ts';
import { ALGORITHM, PICKED, SHIPPED } from '#lab/model/params.ts';
import type { Doing, FinishedRun, LoadedFacts, ModelState, RankLoading, Turn } from '#lab/model/state.ts';
import { sum } from '#numerics/ranges.ts';
import type { Placement } from '#protocol.ts';
import { devicesInShort } from '#ui/components/devices.ts';
import { counted, numberWord, type Phrase, type Sentence, workersOf } from '#ui/components/words.ts';
import { formatBytes, formatCount, formatMs } from '#ui/format.ts';

/** "stories", "Llama-3.2-1B", "Your files" */
export function modelLabel(model: string): string {
  if (model === SHIPPED) return 'Stories';
  if (model === PICKED) return 'Your files';
  return model.split('/').findLast((part) => part !== '' && !/^(resolve|main)$/.test(part)) ?? model;
}

/** Above the sentence: why a model is cut at all. */
export function whyOf(ranks: number, placement: Placement): string {
  const share = ranks === 1 ? 'has all of it, and writes' : 'hold a [[shard]] of it each, and write';
  const who = placement === 'worker' ? workersOf(ranks) : `${ranksText(ranks)} on one device`;
  return `A language model too big for one GPU is cut over several. Here ${who} ${share} one text.`;
}

/** "CPU · 4 threads", "WebGPU · 4 ranks on one device" */
export function placedInShort({ devices, placement }: Pick<LoadedFacts, 'devices' | 'placement'>): string {
  const [first] = devices;
  if (placement === 'worker' || first === undefined) return devicesInShort(devices);
  const kind = first.kind === 'cpu' ? 'CPU' : first.software ? 'WebGPU, software adapter' : 'WebGPU';
  return `${kind} · ${counted(devices.length, 'rank')} on one device`;
}

/** Where a text was written, and how sums were made if that was chosen: "CPU · 4 threads, ring". */
export function placeText(run: Pick<FinishedRun, 'devices' | 'placement' | 'algorithm'>): string {
  const { algorithm, placement } = run;
  const place = placedInShort(run);
  if (algorithm === 'auto' || placement === 'one-device') return place;
  const label = ALGORITHM.options.find(({ value }) => value === algorithm)?.label ?? algorithm;
  return `${place}, ${label.toLowerCase()}`;
}

const DOING: Readonly<Record<Doing, string>> = {
  reading: 'Reading the model’s files',
  starting: 'Starting',
  loading: 'Loading the weights of',
  prefill: 'Reading the prompt on',
  writing: 'Writing on',
  inspecting: 'Taking a token apart on',
  recalling: 'Fetching what was recorded by',
};

/** "Loading the weights of 4 ranks" */
export function doingText(doing: Doing, ranks: number): string {
  return doing === 'reading' ? DOING.reading : `${DOING[doing]} ${counted(ranks, 'rank')}`;
}

/** What ranks read of the weights, and why it is more than they keep. */
export function readText(ranks: readonly Pick<RankLoading, 'totalBytes' | 'shardBytes'>[]): string {
  const read = sum(ranks.map(({ totalBytes }) => totalBytes));
  const shards = sum(ranks.map(({ shardBytes }) => shardBytes));
  if (read === shards) return 'Each rank reads its own part of every weight, and no more.';
  return (
    'Each rank reads its own part of every weight. Of a row split, o_proj or down_proj, that is a piece of every row as it ' +
    'is stored; what lies between the pieces is other ranks’, comes along, and is cut off: in all ' +
    `${formatBytes(read)} for shards of ${formatBytes(shards)}.`
  );
}

/** 1.44 million, 1.24 billion */
export function parametersText(count: number): string {
  const [value, unit] = count < 1e9 ? [count / 1e6, 'million'] : [count / 1e9, 'billion'];
  return `${value < 100 ? Number(value.toPrecision(3)) : Math.round(value)} ${unit}`;
}

type Told = Pick<ModelState, 'folder' | 'turns' | 'doing'> & { readonly loaded: LoadedFacts };

export function sentenceOf({ folder, loaded, turns, doing }: Told): Sentence {
  const last = turns.at(-1);
  const written = last?.tokens.length ?? 0;
  // A talk stays when other ranks are chosen; who wrote is told by what was measured.
  const wrote = last?.figures?.ranks.length || loaded.worldSize;
  return {
    title: `${capital(ranksText(wrote))} ${verbOf(doing, wrote)} ${rateText(written, last)}`,
    body: [
      ...(wrote === loaded.worldSize ? [] : [`Now the model is on ${ranksText(loaded.worldSize)}. `]),
      ...holding(folder, loaded),
      ...meeting(loaded),
      ...spending(last),
      ...(last?.figures?.hidden === true
        ? [' The tab was hidden meanwhile, where a browser slows it down.']
        : []),
    ],
  };
}

function ranksText(count: number): string {
  return count === 1 ? 'one rank' : `${numberWord(count)} ranks`;
}

function verbOf(doing: Doing | null, worldSize: number): string {
  if (doing !== 'prefill' && doing !== 'writing') return 'wrote';
  return worldSize === 1 ? 'is writing:' : 'are writing:';
}

function rateText(written: number, last: Turn | undefined): string {
  const rate = last?.figures?.decode?.perSecond;
  const tokens = written === 0 ? 'nothing yet' : counted(written, 'token');
  return rate === undefined ? tokens : `${tokens}, ${formatRate(rate)} a second`;
}

/** 184, 12.4 */
export function formatRate(perSecond: number): string {
  return perSecond < 20 ? perSecond.toFixed(1) : formatCount(perSecond);
}

function holding(folder: ModelState['folder'], { worldSize, memory }: LoadedFacts): Phrase[] {
  const parameters = [...(folder?.checkpoint.values() ?? [])].reduce(
    (sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1),
    0,
  );
  const most = Math.max(...memory.map(({ weights }) => weights));
  const name = modelName(folder);
  if (worldSize === 1)
    return [
      `The whole of ${name}, ${parametersText(parameters)} parameters, is on one rank: `,
      { strong: formatBytes(most) },
      ' of weights. ',
    ];
  return [
    `Each holds its own shard of ${name}, ${parametersText(parameters)} parameters: `,
    { strong: formatBytes(most) },
    ' of weights. ',
  ];
}

function modelName(folder: ModelState['folder']): string {
  return folder?.model.name ?? 'the model';
}

function meeting(loaded: LoadedFacts): Phrase[] {
  const isShared = loaded.placement === 'one-device';
  const calls = loaded.planned[0] ?? [];
  if (loaded.worldSize === 1) return ['Nothing has to be summed or gathered. '];
  const reduces = calls.filter(({ kind }) => kind === 'all_reduce').length;
  const gathers = calls.filter(({ kind }) => kind === 'all_gather').length;
  const kinds = [counted(reduces, 'all-reduce'), ...(gathers > 0 ? [counted(gathers, 'all-gather')] : [])];
  return [
    'For each token they meet ',
    { strong: `${calls.length} times` },
    ` (${kinds.join(' and ')}), `,
    ...(isShared
      ? ['all on one device: nothing goes through the host. ']
      : ['and a rank gets ', { strong: formatBytes(mostReadBytes(loaded)) }, ' from the others. ']),
  ];
}

/** A share of a token’s time that is worth a word. */
const NOTICED = 0.05;

function spending(last: Turn | undefined): Phrase[] {
  const { ranks = [], decode } = last?.figures ?? {};
  const slowest = ranks.reduce<(typeof ranks)[number] | null>(
    (most, one) => (most === null || one.computeMs > most.computeMs ? one : most),
    null,
  );
  if (slowest === null) return [];
  const between = slowest.ringMs + slowest.readbackMs + slowest.waitMs;
  const tokenMs = decode === null || decode === undefined ? slowest.ms : decode.ms / decode.tokens;
  const pageMs = tokenMs - slowest.ms;
  return [
    'Of ',
    { strong: `${formatMs(Math.max(tokenMs, slowest.ms))} ` },
    slowest.shared ? 'a token the device computes for ' : 'a token the busiest rank computes for ',
    { strong: formatMs(slowest.computeMs) },
    ...(slowest.shared ? [', for all ranks, and copies for ', { strong: formatMs(slowest.readbackMs) }] : []),
    ...(ranks.length > 1 && !slowest.shared
      ? [' and is in collectives for ', { strong: formatMs(between) }]
      : []),
    ...(pageMs > NOTICED * tokenMs
      ? ['; ', { strong: formatMs(pageMs) }, ' go to drawing the token and showing it']
      : []),
    '.',
  ];
}

/** For those who hear the page: what was written, as far as whole sentences go. */
export function spokenText(turns: readonly Turn[], doing: Doing | null): string {
  const last = turns.at(-1);
  if (last === undefined) return '';
  const text = textOf(last);
  if (doing !== 'writing') return text;
  return text.slice(
    0,
    Math.max(text.lastIndexOf('. '), text.lastIndexOf('! '), text.lastIndexOf('? '), -1) + 1,
  );
}

/** "One. Two" is "One.", "Two". */
export function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.!?])\s+/).filter((sentence) => sentence !== '');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A token as it can be seen: a space or a line's end has no ink. */
export function shownText(text: string): string {
  if (text === '') return '‹part of a character›';
  return text.replaceAll('\n', '⏎').replace(/^ +| +$/g, (spaces) => '␣'.repeat(spaces.length));
}
