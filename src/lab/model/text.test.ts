/** Text in and out of the embedded model's real files, and of templates. */

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LabError } from '../../base/errors.ts';
import { parseSafetensors } from '../../checkpoint/safetensors.ts';
import type { SourceSpec } from '../../checkpoint/source.ts';
import { type ModelFolder, readFolder, urlSource } from './folder.ts';
import { StopWords } from './stopWords.ts';
import { openText } from './text.ts';
import { tailOf } from './textStream.ts';

const FILES = [
  'config.json',
  'generation_config.json',
  'model.safetensors',
  'tokenizer.json',
  'tokenizer_config.json',
];

/** The embedded model's folder, some files of it otherwise or, where null, missing. */
function stories(changed: Readonly<Record<string, string | null>> = {}): SourceSpec {
  const files = FILES.map(
    (name) =>
      [name, readFileSync(new URL(`../../../public/models/stories/${name}`, import.meta.url))] as const,
  );
  const all: [string, string | Uint8Array<ArrayBuffer> | null][] = [
    ...files.map(([name, data]): [string, Uint8Array<ArrayBuffer>] => [name, new Uint8Array(data)]),
    ...Object.entries(changed),
  ];
  const kept = new Map(all.map(([name, data]) => [name, data === null ? null : new Blob([data])]));
  return {
    kind: 'files',
    files: Object.fromEntries([...kept].filter((entry): entry is [string, Blob] => entry[1] !== null)),
  };
}

function golden(): Readonly<Record<string, string>> {
  const bytes = readFileSync(new URL('../../../tests/golden/model-stories.safetensors', import.meta.url));
  return parseSafetensors(new Uint8Array(bytes).buffer).metadata;
}

async function refusal(source: SourceSpec): Promise<string> {
  try {
    await readFolder(source, 'stories');
  } catch (thrown) {
    if (thrown instanceof LabError && thrown.code === 'input') return thrown.message;
    throw thrown;
  }
  throw new Error('it should have been refused');
}

describe('the embedded model’s folder', () => {
  it('is read as its card says', async () => {
    const { model, stopIds, sampling, chatTemplate, checkpoint } = await readFolder(stories(), 'stories');
    expect(model).toMatchObject({ name: 'stories', vocab: 1024, hidden: 128, maxPositions: 256 });
    expect({ stopIds, chatTemplate, tensors: checkpoint.size }).toEqual({
      stopIds: [0],
      chatTemplate: null,
      tensors: 57,
    });
    expect(sampling).toMatchObject({ temperature: 0.8, topP: 0.95, topK: 0 });
  });

  it('makes the tokens of the reference’s encoder of a text, and its text of the tokens', async () => {
    const { text, continued, prompt, tokens } = golden();
    const model = openText(await readFolder(stories(), 'stories'));
    const given = model.encode(text ?? '');
    expect(given.map(({ id }) => id)).toEqual(JSON.parse(prompt ?? ''));
    expect(given.map((token) => token.text).join('')).toBe(text);
    expect(model.parts(JSON.parse(tokens ?? '')).join('')).toBe(continued);
  });

  it('goes on with a text in bursts of any length as in one', async () => {
    const { continued, prompt, tokens } = golden();
    const model = openText(await readFolder(stories(), 'stories'));
    const ids: number[] = JSON.parse(tokens ?? '');
    const lengths = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 20 });
    fc.assert(
      fc.property(lengths, (lengths) => {
        let followed = { parts: [] as readonly string[], rest: '', tail: tailOf(JSON.parse(prompt ?? '')) };
        let [text, at] = ['', 0];
        for (const length of [...lengths, ids.length]) {
          followed = model.follow(followed.tail, ids.slice(at, at + length), []);
          text += followed.parts.join('');
          at += length;
        }
        expect(text + followed.rest).toBe(continued);
      }),
    );
    expect(model.follow(tailOf([]), [], ids.slice(0, 5)).alone).toEqual(
      ids.slice(0, 5).map((id) => model.parts([id])[0]),
    );
  });

  it('takes generation settings and stop tokens from config.json where nothing else has them', async () => {
    const folder = await readFolder(stories({ 'generation_config.json': null }), 'stories');
    expect(folder).toMatchObject({ stopIds: [0], sampling: { temperature: 0 } });
    const several = stories({
      'generation_config.json': '{"eos_token_id": [3, 0], "temperature": -1, "do_sample": true}',
    });
    expect(await readFolder(several, 'stories')).toMatchObject({
      stopIds: [3, 0],
      sampling: { temperature: 0 },
    });
  });

  it.each<[Record<string, string | null>, string]>([
    [{ 'config.json': null }, 'There is no config.json in stories: that is no folder of a model.'],
    [{ 'config.json': '<!doctype html>' }, 'gives for config.json is a web page'],
    [{ 'tokenizer.json': null }, 'There is no tokenizer.json in stories'],
    [{ 'tokenizer.json': '{' }, 'tokenizer.json is no JSON.'],
    [{ 'tokenizer_config.json': '[]' }, 'tokenizer_config.json holds no JSON object.'],
    [{ 'model.safetensors': null }, 'There is neither model.safetensors nor model.safetensors.index.json.'],
  ])('is refused where it is %j', async (changed, sentence) => {
    expect(await refusal(stories(changed))).toContain(sentence);
  });

  it('is refused where config.json speaks of other weights', async () => {
    const config = JSON.parse(
      readFileSync(new URL('../../../public/models/stories/config.json', import.meta.url), 'utf8'),
    );
    const other = (more: object) =>
      refusal(stories({ 'config.json': JSON.stringify({ ...config, ...more }) }));
    expect(await other({ vocab_size: 1000 })).toBe(
      'By config.json model.embed_tokens.weight is [1000, 128]; it is [1024, 128].',
    );
    expect(await other({ num_hidden_layers: 7 })).toMatch(
      /^By config.json model\.layers\.6\..* it is not in its files\.$/,
    );
  });
});

describe('stop words', () => {
  it('end a text at the first that is complete, in whatever pieces it arrives', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 12 });
    fc.assert(
      fc.property(
        fc.array(letters, { maxLength: 6 }),
        fc.array(letters, { maxLength: 3 }),
        (parts, words) => {
          const text = parts.join('');
          let expected = text;
          for (let end = 0; end <= text.length && expected === text; end++) {
            const ended = words.filter((word) => word !== '' && text.slice(0, end).endsWith(word));
            if (ended.length > 0)
              expected = text.slice(0, end - Math.max(...ended.map((word) => word.length)));
          }
          const stop = new StopWords(words);
          let got = '';
          let ended = false;
          for (const part of parts) {
            if (ended) break;
            const pushed = stop.push(part);
            got += pushed.text;
            ended = pushed.ended;
          }
          expect(got + stop.end()).toBe(expected);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('hold back no more than what may begin one', () => {
    const stop = new StopWords(['</s>']);
    expect(stop.push('one <')).toEqual({ text: 'one ', ended: false });
    expect(stop.push('/p>')).toEqual({ text: '</p>', ended: false });
  });
});

describe('chat templates', () => {
  async function withTemplate(template: unknown, more: object = {}): Promise<ModelFolder> {
    const config = JSON.stringify({
      bos_token: { content: '<|endoftext|>' },
      chat_template: template,
      ...more,
    });
    return readFolder(stories({ 'tokenizer_config.json': config }), 'stories');
  }
  const CHAT =
    '{{ bos_token }}{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}';

  it('make the tokens of a talk, with special tokens as such', async () => {
    const folder = await withTemplate([
      { name: 'tools', template: 'x' },
      { name: 'default', template: CHAT },
    ]);
    const given = openText(folder).encodeChat([{ role: 'user', content: 'Hello' }]);
    expect(given[0]).toEqual({ id: 0, text: '' });
    expect(given.map(({ text }) => text).join('')).toBe('user: Hello\nassistant:');
  });

  it('are refused in a sentence', async () => {
    await expect(withTemplate('{% for %}').then(openText)).rejects.toThrow(
      'The chat template cannot be used: ',
    );
    const strict = openText(await withTemplate("{{ raise_exception('roles must alternate') }}"));
    expect(() => strict.encodeChat([])).toThrow('The chat template cannot be used: roles must alternate');
    const none = openText(await readFolder(stories(), 'stories'));
    expect(() => none.encodeChat([])).toThrow(
      'This model has no chat template: give it a text to go on with.',
    );
  });
});

it.each([
  ['https://huggingface.co/owner/model', 'https://huggingface.co/owner/model/resolve/main/'],
  ['https://huggingface.co/owner/model/resolve/v1', 'https://huggingface.co/owner/model/resolve/v1/'],
  ['https://huggingface.co/owner/model/tree/main', 'https://huggingface.co/owner/model/resolve/main/'],
  [
    'https://huggingface.co/owner/model/blob/v1/config.json',
    'https://huggingface.co/owner/model/resolve/v1/',
  ],
  ['https://huggingface.co/owner/model?library=x#files', 'https://huggingface.co/owner/model/resolve/main/'],
  ['https://models.example/a/config.json', 'https://models.example/a/'],
  ['https://models.example/a/model.safetensors', 'https://models.example/a/'],
  [' models/stories ', 'https://page.example/lab/models/stories/'],
])('finds the folder behind %s', (typed, base) => {
  expect(urlSource(typed, 'https://page.example/lab/')).toEqual({
    kind: 'url',
    base,
    keep: !base.startsWith('https://page.example/'),
  });
});

it.each(['file:///etc', 'javascript:1', 'http://'])('takes %s for no address of a folder', (typed) => {
  expect(() => urlSource(typed, 'https://page.example/')).toThrow('is no address of a folder');
});
