/** DeepSeek's inference code, which came with the weights: tensor parallelism of attention and MLPs, whole experts. */

import { cut } from '../../base/shown.ts';
import { because, type Codebase, type Objection, type Subject } from './codebase.ts';
import { grouped, uneven } from './cutSizes.ts';
import { unevenBlocks } from './quantisedShards.ts';

/** What inference/model.py runs, of DeepSeek-V3 and, for the last, of DeepSeek-V3.2-Exp. */
const ARCHITECTURES: ReadonlySet<string> = new Set([
  'DeepseekV2ForCausalLM',
  'DeepseekV3ForCausalLM',
  'DeepseekV32ForCausalLM',
]);

export const deepseek: Codebase = {
  id: 'deepseek',
  label: 'DeepSeek’s inference code',
  rule: 'DeepSeek’s models alone; columns, quantisation blocks, experts and vocabulary divide, unpadded',
  version: '9b4e978 (after v1.0.0)',
  read: ['inference/model.py', 'inference/convert.py'],
  lacks: ({ architecture }) => (ARCHITECTURES.has(architecture) ? null : `does not run ${cut(architecture)}`),
  objections: (subject, p) => [...unevenColumns(subject, p), ...unevenBlocks(subject, p)],
  wholeExperts: null,
  pipeline: null,
};

/**
 * inference/model.py asserts that the vocabulary, each linear layer's cut side and the experts divide, and computes
 * `n_heads // world_size` unasked: where only the product of heads and width divides, a later view fails.
 */
function unevenColumns({ sizes }: Subject, p: number): Objection[] {
  const { heads, projections, mlps, experts, vocab } = sizes;
  const columns = projections.flatMap((projection) => uneven(projection, p));
  const [query] = projections;
  const unasked =
    columns.length === 0 && heads % p !== 0 && query !== undefined
      ? [
          `${heads} heads do not divide by ${p}: its asserts pass, as ${grouped(query.size)} columns do, and a view breaks`,
        ]
      : [];
  return [
    ...because('vocabulary', uneven({ what: 'vocabulary entries', size: vocab }, p)),
    ...because('heads', [...columns, ...unasked]),
    ...because(
      'widths',
      mlps.flatMap((width) => uneven(width, p)),
    ),
    ...because('experts', experts === null ? [] : uneven({ what: 'experts', size: experts }, p)),
  ];
}
