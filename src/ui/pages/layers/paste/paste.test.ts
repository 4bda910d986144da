import { afterEach, describe, expect, it, vi } from 'vitest';
import { LabError } from '#base/errors.ts';
import * as hfConfig from '#models/hfConfig.ts';
import { presets } from '#models/presets.ts';
import { countModel } from '#planner/model/countModel.ts';
import * as degreeRows from '../../plan/degrees/degreeRows.ts';
import * as modelSummary from './modelSummary.ts';
import { answerTo, createPasteStore } from './pasteStore.ts';

const { degreeRow, USUAL_DEGREES } = degreeRows;
const { bytesInWords, collectivesOf, factsOf, inBillions } = modelSummary;

function modelOf(id: string) {
  const preset = presets.find((one) => one.id === id);
  if (preset === undefined) throw new Error(`no preset ${id}`);
  return preset.model;
}

describe('factsOf', () => {
  it('says what a model is', () => {
    const facts = Object.fromEntries(factsOf(modelOf('deepseek-v3')).map(({ label, text }) => [label, text]));
    expect(facts['parameters']).toMatch(/^671 B \(671,026,\d{3},\d{3}\)$/);
    expect(facts['layers']).toBe('61, 58 of them with 256 experts, 8 a token and 1 shared');
    expect(facts['attention']).toBe('128 heads, latent (512 + 64)');
    expect(collectivesOf(modelOf('deepseek-v3'))).toMatch(
      /^181 all-reduces of 14 KiB each and 1 all-gather of/,
    );
    expect(collectivesOf(modelOf('llama-3.2-1b'))).toMatch(
      /^33 all-reduces of 4 KiB each and 1 all-gather of/,
    );
  });
  it('says what the bytes are those of', () => {
    const preset = presets.find(({ id }) => id === 'llama-3.2-1b');
    const quantised = (quantization_config: object) =>
      bytesInWords(hfConfig.readHfConfig({ ...preset?.config, quantization_config }));
    expect(bytesInWords(modelOf('llama-3.2-1b'))).toBe(
      'Weights are as published. The cache and what is sent are in bfloat16.',
    );
    expect(quantised({ quant_method: 'bitsandbytes', load_in_4bit: true })).toMatch(
      /^Every weight counts 0\.5 bytes, as bitsandbytes stores it; scales, /,
    );
    expect(quantised({ quant_method: 'quanto' })).toMatch(
      /^This file quantises its weights by quanto in a way .* of the unquantised model\. The cache/,
    );
  });
  it('names the indexer of DeepSeek-V3.2, and in what its keys are kept', () => {
    const preset = presets.find(({ id }) => id === 'deepseek-v3');
    const v32 = hfConfig.readHfConfig({ ...preset?.config, architectures: ['DeepseekV32ForCausalLM'] });
    expect(factsOf(v32)).toContainEqual({
      label: 'indexer',
      text: '64 heads of 128, whole on every rank, choosing 2,048 tokens',
    });
    expect(bytesInWords(v32)).toContain('in bfloat16, but for the indexer’s keys in float8.');
    expect(collectivesOf(v32)).toMatch(/^123 all-reduces/);
  });
  it('rounds as models are named', () => {
    expect([999, 494_032_768, 1_235_814_400, 70_553_706_496].map(inBillions)).toEqual([
      '999',
      '494 M',
      '1.24 B',
      '70.6 B',
    ]);
  });
});

describe('the paste store', () => {
  it('keeps the text over a reload, and what cannot be read too', () => {
    const kept = new Map<string, string>();
    const shelf = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, text: string) => void kept.set(key, text),
    };
    createPasteStore(shelf).getState().setText('{ "a": ');
    const again = createPasteStore(shelf).getState();
    expect(again.text).toBe('{ "a": ');
    expect(again.problem).toMatch(/not JSON: line 1/);
  });
  describe('keeps no text that would break the next load', () => {
    const overflow = () => {
      throw new RangeError('Maximum call stack size exceeded');
    };
    const whole = JSON.stringify(presets[0]?.config);
    let kept = '';
    const shelf = {
      getItem: () => kept,
      setItem(_: string, text: string) {
        kept = text;
      },
    };
    afterEach(() => vi.restoreAllMocks());

    it.each([
      ['read', () => vi.spyOn(hfConfig, 'parseHfConfig').mockImplementation(overflow)],
      ['shown', () => vi.spyOn(modelSummary, 'factsOf').mockImplementation(overflow)],
      ['computed', () => vi.spyOn(degreeRows, 'degreeRow').mockImplementation(overflow)],
    ])('that cannot be %s', (_, breakIt) => {
      const store = createPasteStore(shelf);
      store.getState().setText('{}');
      expect(kept).toBe('{}');
      breakIt();
      store.getState().setText(whole);
      expect(store.getState()).toMatchObject({ text: whole, model: null, rows: [] });
      expect(store.getState().problem).toMatch(
        /^This text breaks the page.*Maximum call stack size exceeded$/,
      );
      expect(kept).toBe('');

      kept = whole; // by a version before
      expect(createPasteStore(shelf).getState()).toMatchObject({ text: whole, model: null });
      expect(kept).toBe('');
    });

    it('that keeps the page busy for ever', () => {
      kept = whole;
      vi.spyOn(hfConfig, 'parseHfConfig').mockImplementation(() => {
        expect(kept).toBe(''); // when the tab is killed meanwhile
        throw new LabError('input', 'no');
      });
      expect(createPasteStore(shelf).getState().problem).toBe('no');
      expect(kept).toBe(whole);
    });

    it('that is longer than any', () => {
      createPasteStore(shelf).getState().setText('x'.repeat(1_000_001));
      expect(kept).toBe('');
    });
  });
  it('works where nothing can be kept', () => {
    const refuse = () => {
      throw new Error('blocked');
    };
    const store = createPasteStore({ getItem: refuse, setItem: refuse });
    store.getState().takePreset('llama-3.2-1b');
    expect(store.getState().model?.name).toBe('Llama-3.2-1B');
    expect(createPasteStore(null).getState()).toMatchObject({ text: '', model: null, problem: null });
  });
  it('reads every published model that it fills in', () => {
    const store = createPasteStore(null);
    for (const { id, model } of presets) {
      store.getState().takePreset(id);
      expect(store.getState().model?.blocks).toEqual(model.blocks);
    }
  });
  it('computes the rows in order and in slices, and drops those of the model before', async () => {
    const store = createPasteStore(null);
    store.getState().takePreset('deepseek-v3');
    store.getState().set({ all: true });
    expect(store.getState().rows.length).toBeLessThan(64);
    store.getState().takePreset('qwen2.5-0.5b');
    store.getState().set({ all: false });
    await vi.waitFor(() => expect(store.getState().rows).toHaveLength(USUAL_DEGREES.length), 10_000);
    const { rows } = store.getState();
    expect(rows.map(({ p }) => p)).toEqual(USUAL_DEGREES);
    expect(rows[7]).toEqual(degreeRow(countModel(store.getState().text), 8));
  });
  it('keeps what it has computed while white space is typed', () => {
    const store = createPasteStore(null);
    store.getState().takePreset('llama-3.2-1b');
    const { rows, model, text } = store.getState();
    store.getState().setText(`${text} `);
    expect(store.getState().model).toBe(model);
    expect(store.getState().rows.slice(0, rows.length)).toEqual(rows);
  });
  it('does not let the context outgrow the model', () => {
    const store = createPasteStore(null);
    store.getState().set({ context: 131_072 });
    store.getState().takePreset('llama-3-70b');
    expect(store.getState().context).toBe(8192);
  });
  it('has a sentence for what is no config.json', () => {
    expect(answerTo('  ')).toEqual({ model: null, counted: null, problem: null, broke: false });
    expect(answerTo('{"architectures":["GPT2LMHeadModel"]}').problem).toMatch(/GPT2LMHeadModel has no plan/);
    expect(answerTo('x'.repeat(100_001)).problem).toMatch(/100,000 characters/);
  });
});
