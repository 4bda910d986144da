import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { complaintsOf } from './boundaries.mjs';

/** @type {{ file: string, code: string, complaint?: string }[]} */
const cases = [
  { file: 'src/base/a.ts', code: "import type { A } from '../numerics/ranges.ts'" },
  {
    file: 'src/base/b.ts',
    code: "import '../numerics/ranges.ts'",
    complaint: 'src/base may not import src/numerics',
  },
  { file: 'src/numerics/a.ts', code: "import '../base/errors.ts'" },
  {
    file: 'src/numerics/b.ts',
    code: "import '../program/mlp.ts'",
    complaint: 'src/numerics may not import src/program',
  },
  { file: 'src/program/a.ts', code: "import '../operations/shapes.ts'; import '../collectives/kinds.ts'" },
  {
    file: 'src/program/b.ts',
    code: "import type { Device } from '../device/device.ts'",
    complaint: 'src/program may not import src/device',
  },
  { file: 'src/sampling/a.ts', code: "import '../numerics/random.ts'" },
  {
    file: 'src/sampling/b.ts',
    code: "import '../program/model.ts'",
    complaint: 'src/sampling may not import src/program',
  },
  {
    file: 'src/lab/model/a.ts',
    code: "import '../../checkpoint/source.ts'; import '../../sampling/sampling.ts'",
  },
  { file: 'src/models/a.ts', code: "import '../program/plan.ts'" },
  {
    file: 'src/models/b.ts',
    code: "import '../bench/cases.ts'",
    complaint: 'src/models may not import src/bench',
  },
  { file: 'src/bench/a.ts', code: "import '../models/presets.ts'; import '../operations/costs.ts'" },
  { file: 'src/host/serve.ts', code: "import '../comm/ring.ts'; import '../device/device.ts'" },
  {
    file: 'src/host/rankGroup.ts',
    code: "import '../group/abort.ts'; import type { A } from '../device/device.ts'",
  },
  {
    file: 'src/host/launch.ts',
    code: "import '../device/cpu/device.ts'",
    complaint: 'the page’s end of src/host may import only types of src/comm, src/device and src/parallel',
  },
  {
    file: 'src/comm/a.ts',
    code: "import '../device/device.ts'",
    complaint: 'src/comm may not import src/device',
  },
  {
    file: 'src/comm/b.ts',
    code: "import type { A } from '../device/device.ts'",
    complaint: 'src/comm may not import src/device',
  },
  { file: 'src/comm/d.ts', code: "import '../group/memory.ts'" },
  { file: 'src/group/a.ts', code: 'Atomics' },
  {
    file: 'src/group/b.ts',
    code: "import '../comm/ring.ts'",
    complaint: 'src/group may not import src/comm',
  },
  { file: 'src/comm/c.ts', code: 'new SharedArrayBuffer(4); Atomics' },
  { file: 'src/rank/a.ts', code: 'Atomics', complaint: 'only src/group and src/comm may use Atomics' },
  {
    file: 'src/rank/b.ts',
    code: 'let x: SharedArrayBuffer',
    complaint: 'only src/group and src/comm may use SharedArrayBuffer',
  },
  { file: 'src/checkpoint/a.ts', code: 'new SharedArrayBuffer(4)' },
  {
    file: 'src/checkpoint/b.ts',
    code: 'Atomics',
    complaint: 'only src/group and src/comm may use Atomics',
  },
  { file: 'src/protocol.ts', code: "import type { A } from './group/call.ts'; let x: SharedArrayBuffer" },
  {
    file: 'src/device/webgpu/a.ts',
    code: "import '../../base/errors.ts'; import '../cpu/gemm.ts'; import '../device.ts'",
  },
  {
    file: 'src/device/webgpu/b.ts',
    code: "import '../../comm/ring.ts'",
    complaint: 'src/device may not import src/comm',
  },
  { file: 'src/device/webgpu/c.ts', code: "navigator.gpu; import '../../../shaders/linear.wgsl?raw'" },
  {
    file: 'src/device/cpu/a.ts',
    code: "import '../../../shaders/a.wgsl'",
    complaint: 'only src/device/webgpu may import ../../../shaders/a.wgsl',
  },
  { file: 'src/parallel/a.ts', code: "import '../comm/ring.ts'; import '../device/device.ts'" },
  {
    file: 'src/parallel/b.ts',
    code: "import '../checkpoint/config.ts'",
    complaint: 'src/parallel may not import src/checkpoint',
  },
  {
    file: 'src/checkpoint/a.ts',
    code: "import '../numerics/ranges.ts'; import '../protocol.ts'",
    complaint: 'src/checkpoint may not import src/protocol',
  },
  { file: 'src/rank/c.ts', code: "import '../protocol.ts'; import '../checkpoint/config.ts'" },
  {
    file: 'src/rank/d.ts',
    code: "export * from '../lab/store.ts'",
    complaint: 'src/rank may not import src/lab',
  },
  { file: 'src/lab/a.ts', code: "import '../group/memory.ts'; import type { A } from '../rank/split.ts'" },
  {
    file: 'src/lab/b.ts',
    code: "new Worker(new URL('../rank/split.ts', import.meta.url)); export type { A } from '../comm/ring.ts'",
  },
  { file: 'src/lab/c.ts', code: "import '../comm/ring.ts'", complaint: 'src/lab may not import src/comm' },
  { file: 'src/lab/d.ts', code: "import('../rank/split.ts')", complaint: 'src/lab may not import src/rank' },
  {
    file: 'src/lab/split/a.ts',
    code: "import '../../collectives/schedule.ts'; import '../../host/launch.ts'",
  },
  { file: 'src/lab/e.ts', code: "import 'react'", complaint: 'only src/ui may import react' },
  {
    file: 'src/lab/f.ts',
    code: 'self.navigator.gpu',
    complaint: 'only src/device/webgpu may use navigator.gpu',
  },
  {
    file: 'src/ui/main.tsx',
    code: "import 'react-dom/client'; import '../lab/store.ts'; import '../protocol.ts'",
  },
  { file: 'src/ui/a.tsx', code: "import 'recharts'", complaint: 'only src/ui/charts may import recharts' },
  { file: 'src/ui/charts/a.tsx', code: "import 'recharts'" },
  {
    file: 'src/ui/pages/split/a.tsx',
    code: "import '../../../group/memory.ts'",
    complaint: 'src/ui may not import src/group',
  },
  { file: 'src/ui/pages/split/b.tsx', code: "import '#program/plan.ts'; import '#lab/store.ts'" },
  {
    file: 'src/ui/pages/split/c.tsx',
    code: "import '#group/memory.ts'",
    complaint: 'src/ui may not import src/group',
  },
  {
    file: 'src/index.ts',
    code: "export * from './host/launch.ts'; export type { A } from './device/device.ts'",
  },
];

test.each(cases)('$file: $code', ({ file, code, complaint }) => {
  expect(complaintsOf(file, code)).toEqual(complaint === undefined ? [] : [complaint]);
});

const root = fileURLToPath(new URL('..', import.meta.url));
const files = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' })
  .map((path) => `src/${path.replaceAll('\\', '/')}`)
  .filter((path) => /\.tsx?$/.test(path) && !isTest(path));
const sources = files.map((file) => /** @type {const} */ ([file, readFileSync(root + file, 'utf8')]));

test('src keeps them', () => {
  expect(sources.length).toBeGreaterThan(500);
  const broken = sources.flatMap(([file, code]) => complaintsOf(file, code).map((one) => `${file}: ${one}`));
  expect(broken).toEqual([]);
});

/** @param {string} path */
function isTest(path) {
  return /\.test\.tsx?$|\/testing\//.test(path);
}
