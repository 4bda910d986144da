/** That the text in PyTorch is of the run that stands on the page. */

import { describe, expect, it } from 'vitest';
import { tokenOf } from './conversation.ts';
import { AWKWARD, answered, SAMPLED, TALKING, textOfRun } from './testing/torchTexts.ts';

describe('the run in PyTorch', () => {
  it('says all of how tokens are drawn, for a model has its own of what is left out', () => {
    const text = textOfRun({ sampling: { minP: 0, repetitionPenalty: 1 } });
    for (const line of ['do_sample=True', 'temperature=2.0', 'top_k=0', 'top_p=1.0', 'min_p=0.0'])
      expect(text).toContain(`    ${line},\n`);
    expect(text).toContain('    repetition_penalty=1.0,\n');
    expect(text).toContain('torch.manual_seed(-3)  # PyTorch draws by other numbers than the page');
    const greedy = textOfRun({ sampling: { temperature: 0, repetitionPenalty: 1.5 } });
    expect(greedy).toContain('    do_sample=False,\n    repetition_penalty=1.5,\n)');
    expect(greedy).not.toContain('manual_seed');
  });

  it('has what the text was asked for with, and not what is chosen by now', () => {
    const asked = { count: 7, sampling: { ...SAMPLED, temperature: 0.5 }, stopWords: ['end'] };
    const text = textOfRun({ tokens: 99, prompt: 'new' }, { turns: [answered('old', 'abc', { asked })] });
    expect(text).toContain('inputs = tokenizer("old", return_tensors="pt")');
    expect(text).toContain('max_new_tokens=7,');
    expect(text).toContain('temperature=0.5,');
    expect(text).toContain('stop_strings=["end"],\n    tokenizer=tokenizer,');
    const longer = textOfRun({}, { turns: [answered('old', 'abcdefghij', { asked })] }); // it went on
    expect(longer).toContain('max_new_tokens=10,');
  });

  it('tells all of a talk', () => {
    const turns = [answered('Hello', ' Hi. '), answered('And you?', 'Well.')];
    expect(textOfRun({}, { folder: TALKING, turns })).toContain(`talk = [
    {"role": "user", "content": "Hello"},
    {"role": "assistant", "content": "Hi."},
    {"role": "user", "content": "And you?"},
]`);
    expect(textOfRun({ prompt: 'first' }, { folder: TALKING })).toContain(
      'talk = [\n    {"role": "user", "content": "first"},\n]',
    );
  });

  it.each([
    ['https://huggingface.co/a/b', 'a/b', ''],
    ['https://huggingface.co/a/b/', 'a/b', ''],
    ['https://huggingface.co/a/b/tree/main', 'a/b', ''],
    ['https://huggingface.co/a/b/resolve/main/', 'a/b', ''],
    ['https://huggingface.co/a/b/blob/main/config.json?download=true', 'a/b', ''],
    ['https://huggingface.co/a/b/tree/v2', 'a/b', ', revision="v2"'],
    ['stories', 'public/models/stories', ''],
  ])('names %s as from_pretrained() takes it', (model, path, options) => {
    const text = textOfRun({ model });
    expect(text).toContain(`\npath = "${path}"\n`);
    expect(text).toContain(`AutoTokenizer.from_pretrained(path${options})`);
    expect(text).toContain(`from_pretrained(path${options}, dtype=torch.float32, tp_plan="auto")`);
    expect(text).not.toContain('download');
  });

  it('says of another address that its files are to be downloaded', () => {
    const model = 'https://models.example/someone/small/';
    expect(textOfRun({ model })).toContain(
      `# first download the files of ${model} into this folder\npath = "path/to/small"\n`,
    );
  });

  it('says where transformers cannot cut the model so', () => {
    expect(textOfRun({ ranks: 3 })).toContain(
      '# tp_plan="auto" cuts evenly: 4 key/value heads do not divide by 3; use 1, 2 or 4\n',
    );
    for (const ranks of [1, 2, 4]) expect(textOfRun({ ranks })).not.toContain('evenly');
  });

  it('says in what the run is another one', () => {
    expect(textOfRun({ weights: 'q4' })).toContain(
      '# as stored: the page rounds the weights of products to q4\n',
    );
    const turn = answered('a', 'bc');
    const chosen = { ...turn, tokens: [...turn.tokens, tokenOf(1, 'x', true)] };
    expect(textOfRun({}, { turns: [chosen] })).toContain('# without the tokens that were chosen by hand\n');
  });

  it('lets no link write lines of its own', () => {
    const text = textOfRun({ model: `https://x.example/\nimport os #`, weights: '\nimport os #' as never });
    expect(text).not.toMatch(/^import os/m);
    expect(textOfRun({ prompt: AWKWARD })).toContain(JSON.stringify(AWKWARD));
  });
});
