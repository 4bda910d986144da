/** What each rank owns and does alone, for two ranks or more. */

import type { BlockConfig, MoeConfig, Pass } from '../../../../math/plans/configs.ts';
import type { LayerPlan } from '../../../../math/plans/plan.ts';
import type { LayerSpec } from '../../../../program/layers.ts';
import { listed, type Phrase } from '../../../components/words.ts';
import {
  columnsAside,
  columnsOwned,
  entriesOwned,
  expertsAside,
  expertsOwned,
  headsAside,
  headsOwned,
  paddingOf,
  tokensOwned,
} from './owned.ts';

export function bodyOf(spec: LayerSpec, plan: LayerPlan, pass: Pass): Phrase[] {
  const p = plan.worldSize;
  switch (spec.layer) {
    case 'linear-pair': {
      const { intermediate } = spec.config;
      return [
        'Each rank owns ',
        { strong: `${columnsOwned(intermediate, p)} of A` },
        ' and the same rows of B. What its first product gives is what its second one needs, so ',
        { strong: 'nothing moves in between' },
        '. Only the second product has to be summed.',
        ...columnsAside(intermediate, p),
      ];
    }
    case 'mlp': {
      const { intermediate, activation, bias } = spec.config;
      return [
        'Each rank owns ',
        { strong: columnsOwned(intermediate, p) },
        activation === 'swiglu' ? ' of gate and up' : ' of up',
        ' and the same rows of down, so the activation needs nobody else’s numbers. Only the last product has to be summed',
        bias ? ', and the bias comes after the sum, once.' : '.',
        ...columnsAside(intermediate, p),
      ];
    }
    case 'embedding':
    case 'head':
    case 'cross-entropy':
      return vocabulary(spec, p);
    case 'attention':
      return [
        'Each rank owns ',
        ...headsOwned({ kind: 'attention', ...spec.config }, p),
        ', computes them alone, and multiplies by its rows of Wo. Only that last product has to be summed.',
        ...headsAside({ kind: 'attention', ...spec.config }, p),
      ];
    case 'mla':
      return [
        'Each rank owns ',
        ...headsOwned({ kind: 'mla', ...spec.config }, p),
        '. The projections to the latent vectors are small and the same everywhere; ',
        ...(spec.config.cache === 'naive'
          ? ['each rank caches the keys and values of its own heads. ']
          : ['what is cached is the latent vector, ', { strong: 'on every rank' }, '. ']),
        'Only the last product has to be summed.',
        ...headsAside({ kind: 'mla', ...spec.config }, p),
      ];
    case 'moe':
      return [
        'Each rank owns ',
        { strong: expertsOwned(spec.config, p) },
        ' and has the whole gate, so all ranks agree on where each token goes. It runs its experts on the tokens that chose them',
        ...choices(spec.config, plan, 'tokens', pass),
        '. The sum over the ranks puts each token’s experts together.',
        ...expertsAside(spec.config, p),
      ];
    case 'block':
      return block(spec.config, plan, pass);
    default:
      return spec satisfies never;
  }
}

function vocabulary(
  { layer, config }: Extract<LayerSpec, { layer: 'embedding' | 'head' | 'cross-entropy' }>,
  p: number,
): Phrase[] {
  const { vocab, padTo = 1 } = config;
  const padding = paddingOf(vocab, padTo, p);
  const entries = { strong: entriesOwned(vocab, padTo, p) };
  switch (layer) {
    case 'embedding':
      return [
        'Each rank owns ',
        entries,
        ' of the vocabulary, looks up the tokens among them, and has zeros for the others. In the sum over the ranks, each row is one rank’s numbers plus zeros, so it is exact.',
        ...(padding > 0 ? [` The last ${padding} rows are padding, which no token asks for.`] : []),
      ];
    case 'head':
      return [
        'Each rank owns ',
        entries,
        ' of the vocabulary and computes their logits, finished. There is nothing to sum: the columns of all ranks are put side by side.',
        ...(padding > 0
          ? [
              ` The last ${padding} columns are padding, and get the lowest number there is, so that none ever wins.`,
            ]
          : []),
      ];
    case 'cross-entropy':
      return [
        'Each rank computes the logits of ',
        entries,
        ' of the vocabulary and keeps them. ',
        { strong: 'Three numbers a token' },
        ' are all that the ranks exchange: the largest logit, the target’s logit, and the sum of the exponentials.',
        ...(padding > 0 ? [` The last ${padding} entries are padding, and weigh nothing.`] : []),
      ];
    default:
      return layer satisfies never;
  }
}

function block(config: BlockConfig, plan: LayerPlan, pass: Pass): Phrase[] {
  const { attention, mlp, sequenceParallel } = config;
  const p = plan.worldSize;
  const inner = mlp.kind === 'moe' ? expertsOwned(mlp, p) : `${columnsOwned(mlp.intermediate, p)} of the MLP`;
  const aside = mlp.kind === 'moe' ? expertsAside(mlp, p) : columnsAside(mlp.intermediate, p);
  const owns: Phrase[] = ['Each rank owns ', ...headsOwned(attention, p), ', and ', { strong: inner }];
  const routed = mlp.kind === 'moe' ? choices(mlp, plan, 'mlp.tokens', pass) : [];
  const ends: Phrase[] = sequenceParallel
    ? [
        '. Between the products it keeps only ',
        { strong: tokensOwned(pass.tokens, p) },
        ': what would be an all-reduce is a reduce-scatter now, and an all-gather once norm and residual are done. The bytes on the wire are the same.',
      ]
    : [
        '. What attention adds to x has to be summed, and what the MLP adds; norms and residuals are done by every rank alike.',
      ];
  return [...owns, ...routed, ...ends, ...headsAside(attention, p), ...aside];
}

/** How many choices each rank's experts had to serve: where the plan is of a run, as the gate decided. */
function choices({ topK }: MoeConfig, plan: LayerPlan, id: string, { tokens }: Pass): Phrase[] {
  const served = plan.tensors.get(id)?.shapes.map(([count = 0]) => count) ?? [];
  const all = (tokens * topK).toLocaleString('en');
  return [': ', { strong: listed(served.map((count) => count.toLocaleString('en'))) }, ` of ${all} choices`];
}
