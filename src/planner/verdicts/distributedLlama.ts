/** distributed-llama: CPUs over Ethernet, of which every one has whole heads. */

import { cut } from '../../base/shown.ts';
import type { CountedModel } from '../model/parts.ts';
import { because, type Codebase, type Objection, type Subject } from './codebase.ts';
import { grouped, uneven } from './cutSizes.ts';

/** What `parseArchType` of converter/convert-hf.py takes, by `model_type`. */
const TYPES: ReadonlySet<string> = new Set(['llama', 'mistral', 'qwen3', 'qwen3_moe']);
/** Numbers of a block of Q40 and Q80, which a row split keeps whole. */
const BLOCK = 32;

export const distributedLlama: Codebase = {
  id: 'distributed-llama',
  label: 'distributed-llama',
  rule: 'Llama, Mistral and Qwen3 alone; 2ⁿ nodes, at most the key/value heads; heads, widths and vocabulary divide, by blocks of 32',
  version: 'v0.16.4 (8d624a7)',
  read: ['README.md', 'src/app.cpp', 'src/llm.cpp', 'src/nn/nn-core.cpp', 'converter/convert-hf.py'],
  lacks: whyNotConverted,
  objections: (subject, p) => [
    ...unread(subject),
    ...because(
      'count',
      Number.isInteger(Math.log2(p)) ? [] : [`runs on 1, 2, 4 … 2ⁿ nodes, and not on ${p}`],
    ),
    ...because(
      'heads',
      p > subject.sizes.kvHeads
        ? [`${p} nodes are more than the ${subject.sizes.kvHeads} key/value heads`]
        : uneven({ what: 'key/value heads', size: subject.sizes.kvHeads }, p),
    ),
    ...widths(subject, p),
    ...because('vocabulary', uneven({ what: 'vocabulary entries', size: subject.sizes.vocab }, p)),
  ],
  wholeExperts: null,
  pipeline: null,
};

function whyNotConverted({ type, architecture }: CountedModel): string | null {
  const alone = architecture === type || architecture.endsWith('ForCausalLM');
  if (TYPES.has(type) && alone) return null;
  return `does not convert ${cut(architecture)}`;
}

function unread({ quantization }: Subject): Objection[] {
  if (quantization === null) return [];
  return [
    {
      cause: 'checkpoint',
      reason: `its converter does not read weights quantised by ${quantization.method}`,
      ways: ['the unquantised checkpoint, which the converter quantises to Q40'],
    },
  ];
}

/** Of experts each is cut, and a dense width beside them is not read. */
function widths({ sizes: { mlps, expertColumns, projections } }: Subject, p: number): Objection[] {
  const inputs = [
    ...projections.filter(({ side }) => side === 'in'),
    ...(expertColumns ? [expertColumns] : mlps),
  ];
  return inputs.flatMap((cut): Objection[] => {
    const divided = uneven(cut, p);
    if (divided.length > 0) return because('widths', divided);
    const shard = cut.size / p;
    if (shard % BLOCK === 0) return [];
    const reason = `${grouped(shard)} of the ${grouped(cut.size)} ${cut.what} are no whole blocks of ${BLOCK}`;
    return because('blocks', [reason]);
  });
}
