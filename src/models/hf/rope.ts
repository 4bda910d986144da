/** The rotary embedding of a config.json: `rope_theta` and `rope_scaling`, or `rope_parameters` as transformers 5 has it. */

import type { RopeConfig, RopeScaling, YarnScaling } from '../../program/configs.ts';
import type { Fields } from './Fields.ts';

/**
 * @param theta where the file has none
 * @param mla DeepSeek's own YaRN: the softmax scale takes `mscale_all_dim`
 * @throws LabError 'input' where a scaling cannot be planned
 */
export function readRope(fields: Fields, theta: number, mla = false): RopeConfig {
  const parameters = fields.object('rope_parameters');
  const scaling = parameters ?? fields.object('rope_scaling');
  for (const holder of [fields, parameters]) {
    if (holder !== null && holder.positive('partial_rotary_factor', 1) !== 1) {
      throw holder.wrong('partial_rotary_factor', '1: heads that are turned in part cannot be planned');
    }
  }
  const base = parameters?.has('rope_theta') ? parameters : fields;
  const scaled = scaling === null ? null : readScaling(scaling, fields, mla);
  return { theta: base.positive('rope_theta', theta), ...(scaled !== null && { scaling: scaled }) };
}

function readScaling(scaling: Fields, fields: Fields, mla: boolean): RopeScaling | null {
  const name = scaling.has('rope_type') ? 'rope_type' : 'type'; // before transformers 4.43 it was `type`
  const type = scaling.text(name) ?? 'default';
  switch (type) {
    case 'default':
      return null;
    case 'llama3':
      return {
        kind: 'llama3',
        factor: scaling.positive('factor'),
        lowFreqFactor: scaling.positive('low_freq_factor'),
        highFreqFactor: scaling.positive('high_freq_factor'),
        originalPositions: scaling.count('original_max_position_embeddings'),
      };
    case 'yarn':
      return readYarn(scaling, fields, mla);
    default:
      throw scaling.wrong(name, '"default", "llama3" or "yarn": other scalings of RoPE cannot be planned');
  }
}

/**
 * transformers multiplies cos and sin by 0.1·ln factor + 1, in q as in k, so that every score has its square: where the
 * whole head is turned, that is a softmax scale. DeepSeek turns only some columns, and puts the factor into the softmax.
 */
function readYarn(scaling: Fields, fields: Fields, mla: boolean): YarnScaling {
  const factor = scaling.positive('factor');
  return {
    kind: 'yarn',
    factor,
    betaFast: scaling.positive('beta_fast', 32),
    betaSlow: scaling.positive('beta_slow', 1),
    originalPositions: scaling.has('original_max_position_embeddings')
      ? scaling.count('original_max_position_embeddings')
      : fields.count('max_position_embeddings'),
    mscale: mla ? mlaScale(scaling) : wholeHeadScale(scaling, factor),
  };
}

function mlaScale(scaling: Fields): number {
  const mscale = scaling.positive('mscale_all_dim');
  if (scaling.positive('mscale') !== mscale) {
    throw scaling.wrong('mscale', `${mscale}, as mscale_all_dim: scaled cosines cannot be planned`);
  }
  return mscale;
}

function wholeHeadScale(scaling: Fields, factor: number): number {
  if (scaling.has('attention_factor')) {
    return (scaling.positive('attention_factor') - 1) / (0.1 * Math.log(factor));
  }
  if (scaling.has('mscale') && scaling.has('mscale_all_dim')) {
    const ratio =
      growth(scaling.positive('mscale'), factor) / growth(scaling.positive('mscale_all_dim'), factor);
    return (ratio - 1) / (0.1 * Math.log(factor));
  }
  return 1;
}

function growth(mscale: number, factor: number): number {
  return factor <= 1 ? 1 : 0.1 * mscale * Math.log(factor) + 1;
}
