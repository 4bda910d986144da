/**
 * The same run with Hugging Face's transformers, which cuts a model over ranks by its own plan:
 * https://huggingface.co/docs/transformers/perf_infer_gpu_multi
 */

import { listed, nameOfAddress } from '../../base/shown.ts';
import type { ModelConfig } from '../../program/modelConfig.ts';
import type { Sampling } from '../../sampling/sampling.ts';
import { messagesOf } from './conversation.ts';
import { PICKED, SHIPPED } from './params.ts';
import { type ModelState, samplingOf, type Turn } from './state.ts';

/** Of the last answer, with what was said before it; of what is asked for where nothing was written yet. */
export function torchText({
  params,
  folder,
  turns,
}: Pick<ModelState, 'params' | 'folder' | 'turns'>): string {
  const last = turns.at(-1);
  const { sampling, count, stopWords } = last?.asked ?? {
    sampling: samplingOf({ params, folder }),
    count: params.tokens,
    stopWords: params.stopWords,
  };
  const { path, options, note } = placeOf(params.model);
  const isTalk = folder?.chatTemplate != null;
  const drawn = sampling.temperature !== 0;
  return `# torchrun --nproc-per-node ${params.ranks} generate.py
${notesOf({ ...params, folder, last }).join('')}\
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

${note}path = ${quotedPython(path)}
tokenizer = AutoTokenizer.from_pretrained(path${options})
model = AutoModelForCausalLM.from_pretrained(path${options}, dtype=torch.float32, tp_plan="auto")
${drawn ? `torch.manual_seed(${sampling.seed})  # PyTorch draws by other numbers than the page: as likely, and not the same\n` : ''}\
${isTalk ? talkLines(turns, params.prompt) : textLine(last?.prompt ?? params.prompt)}
output = model.generate(
    **inputs,
    max_new_tokens=${Math.max(count, last?.tokens.length ?? 0)},
${samplingLines(sampling, stopWords)}
)
if torch.distributed.get_rank() == 0:
    print(tokenizer.decode(output[0], skip_special_tokens=True))
`;
}

type Asked = Pick<ModelState['params'], 'ranks' | 'weights'> & Pick<ModelState, 'folder'>;

/** In which it is not the same run. */
function notesOf({ ranks, weights, folder, last }: Asked & { readonly last: Turn | undefined }): string[] {
  return [
    ...(folder === null ? [] : unevenNotes(folder.model, ranks)),
    ...(weights === 'stored' ? [] : [`as stored: the page rounds the weights of products to ${weights}`]),
    ...(last?.tokens.some(({ chosen }) => chosen) === true
      ? ['without the tokens that were chosen by hand']
      : []),
  ].map((note) => `# ${oneLine(note)}\n`);
}

/** The numbers of ranks that are offered as a way out. */
const OFFERED = [1, 2, 3, 4, 5, 6, 7, 8];

/**
 * transformers deals key/value heads, and the columns of each expert, out evenly, and copies none: its rule, and where
 * it was read, are in planner/verdicts/transformers.ts.
 */
function unevenNotes({ blocks }: ModelConfig, ranks: number): string[] {
  const sizes = blocks.flatMap(({ block: { attention, mlp } }) => [
    ...(attention.kind === 'attention' ? [{ what: 'key/value heads', size: attention.kvHeads }] : []),
    ...(mlp.kind === 'moe' ? [{ what: 'columns of each expert', size: mlp.intermediate }] : []),
  ]);
  const uneven = sizes.find(({ size }) => size % ranks !== 0);
  if (uneven === undefined) return [];
  const even = OFFERED.filter((count) => sizes.every(({ size }) => size % count === 0));
  return [
    `tp_plan="auto" cuts evenly: ${uneven.size} ${uneven.what} do not divide by ${ranks}; use ${listed(even.map(String), 'or')}`,
  ];
}

interface Place {
  /** A folder on the disk, or a name on the hub. */
  readonly path: string;
  /** More arguments of from_pretrained. */
  readonly options: string;
  /** What is to be done first. */
  readonly note: string;
}

/** A model's page on the hub, with its revision, and perhaps one of its files: as folder.ts reads addresses. */
const ON_HUB =
  /^https:\/\/huggingface\.co\/([^/?#]+\/[^/?#]+)(?:\/(?:tree|blob|resolve)\/([^/?#]+))?\/?(?:[^/?#]+\.(?:json|safetensors|jinja))?(?:[?#].*)?$/;

function placeOf(model: string): Place {
  const bare = { options: '', note: '' };
  if (model === SHIPPED) return { ...bare, path: 'public/models/stories' };
  if (model === PICKED) return { ...bare, path: 'path/to/the/folder' };
  const [, name, revision = 'main'] = ON_HUB.exec(model) ?? [];
  if (name !== undefined) {
    return {
      ...bare,
      path: name,
      options: revision === 'main' ? '' : `, revision=${quotedPython(revision)}`,
    };
  }
  // from_pretrained() knows folders and names on the hub, and no other address.
  const note = `# first download the files of ${oneLine(model)} into this folder\n`;
  return { ...bare, path: `path/to/${nameOfAddress(model)}`, note };
}

function textLine(prompt: string): string {
  return `inputs = tokenizer(${quotedPython(prompt)}, return_tensors="pt").to(model.device)`;
}

function talkLines(turns: readonly Turn[], prompt: string): string {
  const messages = messagesOf(turns.slice(0, -1), turns.at(-1)?.prompt ?? prompt);
  const lines = messages.map(
    ({ role, content }) => `    {"role": ${quotedPython(role)}, "content": ${quotedPython(content)}},`,
  );
  return `talk = [
${lines.join('\n')}
]
inputs = tokenizer.apply_chat_template(
    talk, add_generation_prompt=True, return_tensors="pt", return_dict=True
).to(model.device)`;
}

/** All of it, and not what differs from nothing: what is left out is as the model's generation_config.json says. */
function samplingLines(sampling: Sampling, stopWords: readonly string[]): string {
  const { temperature, topK, topP, minP, repetitionPenalty } = sampling;
  const lines = [
    ...(temperature === 0
      ? ['do_sample=False']
      : [
          'do_sample=True',
          `temperature=${float(temperature)}`,
          `top_k=${topK}`,
          `top_p=${float(topP)}`,
          `min_p=${float(minP)}`,
        ]),
    `repetition_penalty=${float(repetitionPenalty)}`,
    ...(stopWords.length > 0
      ? [`stop_strings=[${stopWords.map(quotedPython).join(', ')}]`, 'tokenizer=tokenizer']
      : []),
  ];
  return lines.map((line) => `    ${line},`).join('\n');
}

/** transformers refuses a temperature of 2 and takes one of 2.0: generation/logits_process.py. */
function float(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** A string of Python has the escapes of one of JSON, but for characters beyond the first plane, which may stand as they are. */
function quotedPython(text: string): string {
  return JSON.stringify(text);
}

/** A comment ends with its line, and a link may bring anything. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
