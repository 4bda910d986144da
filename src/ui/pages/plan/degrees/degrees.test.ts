import { describe, expect, it } from 'vitest';
import { presets } from '#models/presets.ts';
import { countConfig } from '#planner/model/countModel.ts';
import { ALL_DEGREES, degreeRow } from './degreeRows.ts';
import { toCsv, toMarkdown } from './exportText.ts';

function modelOf(id: string) {
  const preset = presets.find((one) => one.id === id);
  if (preset === undefined) throw new Error(`no preset ${id}`);
  return countConfig(preset.config);
}

describe('degreeRow', () => {
  it('is the model itself on one rank', () => {
    const row = degreeRow(modelOf('llama-3.2-1b'), 1);
    expect(row.weightBytes).toEqual([2 * 1_235_814_400, 2 * 1_235_814_400]);
    expect(row.cacheBytesPerToken).toEqual([2 * 16 * 8 * 64 * 2, 2 * 16 * 8 * 64 * 2]);
    expect(row.wireBytes).toBe(0);
  });
  it('shows what a latent cache is worth', () => {
    const v3 = modelOf('deepseek-v3');
    const [absorbed] = degreeRow(v3, 8).cacheBytesPerToken;
    const [naive] = degreeRow(v3, 8, { latentCache: 'naive' }).cacheBytesPerToken;
    expect(absorbed).toBe(61 * (512 + 64) * 2);
    expect(naive).toBe(61 * (128 / 8) * (192 + 128) * 2);
  });
});

describe('exports', () => {
  const rows = [8, 16].map((p) => degreeRow(modelOf('qwen2.5-0.5b'), p));
  it('writes a Markdown table with a cell for each head', () => {
    const lines = toMarkdown('Qwen', rows, 4096)
      .split('\n')
      .filter((line) => line.startsWith('|'));
    expect(lines).toHaveLength(4);
    expect(new Set(lines.map((line) => line.split('|').length)).size).toBe(1);
    expect(lines[2]).toContain('✗ 14 heads do not divide by 8');
    expect(lines[2]).toContain(' → 2 ranks; or TP 2 × PP 4 on the same 8 (--pipeline-parallel-size 4); or ');
    expect(lines[2]).toContain('| – does not run Qwen2ForCausalLM |');
    expect(toMarkdown('Qwen', rows, 4096)).toMatch(/^Read from vLLM: main at .*Megatron-LM: core_v/m);
  });
  it('writes CSV with exact bytes', () => {
    const lines = toCsv(rows, 4096).trim().split('\r\n');
    expect(lines).toHaveLength(3);
    const kv = rows[0]?.cacheBytesPerToken[1] ?? 0;
    expect(lines[1]).toContain(`,${kv},${kv * 4096},`);
    expect(lines[1]).toContain(
      ',no,14 heads do not divide by 8,2 ranks; TP 2 × PP 4 on the same 8 (--pp-size 4); ',
    );
    expect(lines[1]).toContain(',n/a,does not run Qwen2ForCausalLM,,');
  });
});

it('offers degrees from 1 to 64', () => {
  expect(ALL_DEGREES).toHaveLength(64);
  expect(ALL_DEGREES.at(-1)).toBe(64);
});
