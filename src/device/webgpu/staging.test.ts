import { beforeEach, expect, it, vi } from 'vitest';
import { Staging } from './staging.ts';

const MIB = 2 ** 20;
const made: { size: number; destroy: () => void }[] = [];
const gpu = {
  createBuffer({ size }: GPUBufferDescriptor) {
    made.push({ size, destroy: vi.fn() });
    return made.at(-1);
  },
} as unknown as GPUDevice;

beforeEach(() => {
  made.length = 0;
  vi.stubGlobal('GPUBufferUsage', { MAP_READ: 1, MAP_WRITE: 2, COPY_SRC: 4, COPY_DST: 8 });
});

it.each([4, 4096, MIB, 16 * MIB, 30 * MIB])(
  'reads %i bytes again and again through the same buffers',
  (bytes) => {
    const staging = new Staging(gpu, 'read');
    // A tensor's values come with timestamps of more or fewer operations.
    const read = (): void => {
      for (const times of [48, 16, 0, 32]) staging.give(staging.take(bytes + times));
    };
    read();
    const before = made.length;
    read();
    expect(made).toHaveLength(before);
    for (const { size } of made) expect(size).toBeGreaterThanOrEqual(bytes);
  },
);

it('keeps 64 MiB, of what was of use last', () => {
  const staging = new Staging(gpu, 'read');
  const taken = [16, 24, 32].map((mib) => staging.take(mib * MIB));
  for (const buffer of taken) staging.give(buffer);
  const [first, second, third] = made;
  expect(first?.destroy).toHaveBeenCalled();
  expect(second?.destroy).not.toHaveBeenCalled();
  staging.give(staging.take(24 * MIB));
  staging.give(staging.take(12 * MIB));
  expect(made).toHaveLength(4);
  expect(third?.destroy).toHaveBeenCalled();
  expect(second?.destroy).not.toHaveBeenCalled();
});

it('keeps nothing that is longer', () => {
  const staging = new Staging(gpu, 'read');
  staging.give(staging.take(65 * MIB));
  expect(made[0]?.destroy).toHaveBeenCalled();
});
