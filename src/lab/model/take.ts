/** What somebody takes away from the Model page: the run as JSON, and the same in PyTorch. */

import type { Sampling } from '../../sampling/sampling.ts';
import { textOf } from './conversation.ts';
import { samplingOf } from './drawing.ts';
import { PICKED, SHIPPED } from './params.ts';
import type { ModelState } from './state.ts';

/** All of a conversation: what was asked, every token with its time on each rank, what each rank holds. */
export function runRecord(state: ModelState, about: { readonly date: Date; readonly userAgent: string }) {
  const { params, folder, loaded, turns } = state;
  return {
    schema: 'ringside-text/1',
    date: about.date.toISOString(),
    userAgent: about.userAgent,
    model: { source: params.model, name: folder?.model.name, architecture: folder?.model.architecture },
    ranks: loaded?.worldSize,
    placement: loaded?.placement,
    weights: loaded?.weights,
    weightRounding: loaded?.rounding,
    devices: loaded?.devices.map(({ kind, label }) => ({ kind, label })),
    sampling: samplingOf(state),
    memory: loaded?.memory,
    plannedCollectives: loaded?.planned,
    turns: turns.map((turn) => ({
      prompt: turn.prompt,
      text: textOf(turn),
      ending: turn.ending,
      context: turn.context,
      tokens: turn.tokens,
      figures: turn.figures,
    })),
  };
}

/**
 * The same run with Hugging Face's transformers, which cuts a model over ranks by its own plan:
 * https://huggingface.co/docs/transformers/perf_infer_gpu_multi
 */
export function torchText(state: Pick<ModelState, 'params' | 'folder' | 'turns'>): string {
  const { params, folder, turns } = state;
  const isTalk = folder?.chatTemplate != null;
  const prompt = turns[0]?.prompt ?? params.prompt;
  const rounded =
    params.weights === 'stored'
      ? ''
      : `# as stored: the page rounds the weights of products to ${params.weights}\n`;
  return `# torchrun --nproc-per-node ${params.ranks} generate.py
${rounded}\
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

path = ${quotedPython(pathOf(params.model))}
tokenizer = AutoTokenizer.from_pretrained(path)
model = AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32, tp_plan="auto")
torch.manual_seed(${samplingOf(state).seed})
${inputLines(prompt, isTalk)}
output = model.generate(
    **inputs,
    max_new_tokens=${params.tokens},
${samplingLines(samplingOf(state), params.stopWords)}
)
if torch.distributed.get_rank() == 0:
    print(tokenizer.decode(output[0], skip_special_tokens=True))
`;
}

function inputLines(prompt: string, isTalk: boolean): string {
  if (!isTalk) return `inputs = tokenizer(${quotedPython(prompt)}, return_tensors="pt").to(model.device)`;
  return `talk = [{"role": "user", "content": ${quotedPython(prompt)}}]
inputs = tokenizer.apply_chat_template(
    talk, add_generation_prompt=True, return_tensors="pt", return_dict=True
).to(model.device)`;
}

function samplingLines(sampling: Sampling, stopWords: readonly string[]): string {
  const { temperature, topK, topP, minP, repetitionPenalty } = sampling;
  const drawn =
    temperature === 0
      ? ['do_sample=False']
      : [
          'do_sample=True',
          `temperature=${temperature}`,
          `top_k=${topK}`,
          `top_p=${topP}`,
          ...(minP > 0 ? [`min_p=${minP}`] : []),
        ];
  const lines = [
    ...drawn,
    ...(repetitionPenalty === 1 ? [] : [`repetition_penalty=${repetitionPenalty}`]),
    ...(stopWords.length > 0
      ? [`stop_strings=[${stopWords.map(quotedPython).join(', ')}]`, 'tokenizer=tokenizer']
      : []),
  ];
  return lines.map((line) => `    ${line},`).join('\n');
}

/** A folder on the disk, or a name on the hub. */
function pathOf(model: string): string {
  if (model === SHIPPED) return 'public/models/stories';
  if (model === PICKED) return 'path/to/the/folder';
  return model.replace(/^https:\/\/huggingface\.co\//, '').replace(/\/resolve\/[^/]+\/?$/, '');
}

/** A string of Python has the escapes of one of JSON, but for characters beyond the first plane, which may stand as they are. */
function quotedPython(text: string): string {
  return JSON.stringify(text);
}
