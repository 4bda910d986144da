/** The package as `npm pack` makes it: what is in it, and that a project of its own compiles and runs against it. */

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isolated } from '../../tools/isolation.mjs';
import { openBrowser, printedBy } from './browser.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const consumer = mkdtempSync(join(tmpdir(), 'ringside-consumer-'));
const installed = join(consumer, 'node_modules/ringside');

/** A project that knows nothing of ours: the example's own files, and the package from its tarball. */
beforeAll(() => {
  mkdirSync(installed, { recursive: true });
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const shell = process.platform === 'win32';
  const packed = execFileSync(npm, ['pack', '--json', '--pack-destination', consumer], {
    cwd: root,
    encoding: 'utf8',
    shell,
  });
  const [, tarball = ''] = /"filename": "([^"]+)"/.exec(packed) ?? [];
  execFileSync('tar', ['-xzf', tarball, '-C', 'node_modules/ringside', '--strip-components=1'], {
    cwd: consumer,
  });
  cpSync(join(root, 'node_modules/comlink'), join(consumer, 'node_modules/comlink'), { recursive: true });
  cpSync(join(root, 'examples/column-row'), consumer, { recursive: true });
  writeFileSync(
    join(consumer, 'wrong.ts'),
    `import type { RankGroup } from 'ringside';
    import type { program } from './column-row.rank.ts';
    export const wrong = (group: RankGroup<typeof program>) => [
      group.all((rank) => rank.backward()),
      group.all((rank) => rank.forward('x', 3)),
    ];`,
  );
});

afterAll(() => rmSync(consumer, { recursive: true }));

function compile(...files: string[]): string {
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false, // ours must be right by themselves
    noEmit: true,
    target: 'ES2023',
    lib: ['ES2023', 'DOM'],
    types: [],
    module: 'ESNext',
    moduleResolution: 'bundler',
    allowImportingTsExtensions: true,
  };
  writeFileSync(join(consumer, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  try {
    return execFileSync(process.execPath, [tsc, '-p', consumer], { encoding: 'utf8' });
  } catch (error) {
    return String((error as { stdout: unknown }).stdout);
  }
}

it('compiles against the declarations, and what is wrong does not', () => {
  expect(compile('page.ts')).toBe('');
  const errors = compile('wrong.ts');
  expect(errors).toContain("Property 'backward' does not exist");
  expect(errors).toContain("Argument of type 'string' is not assignable to parameter of type 'Float32Array");
});

it('runs in a browser', async () => {
  const server = await createServer({
    root: consumer,
    configFile: false,
    cacheDir: join(consumer, '.vite'),
    logLevel: 'error',
    plugins: [isolated()],
    worker: { format: 'es' },
    server: { port: 0, host: '127.0.0.1', watch: null, hmr: false },
    optimizeDeps: { include: ['ringside', 'ringside/rank'] },
  });
  await server.listen();
  const browser = await openBrowser();
  try {
    const printed = await printedBy(browser, server.resolvedUrls?.local[0] ?? '');
    expect(printed.match(/right$/gm)).toHaveLength(4);
  } finally {
    await browser.close();
    await server.close();
  }
});

it('has both entries, their types, and no type of Comlink that these lead to', () => {
  const { exports, dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  expect(Object.keys(exports)).toEqual(['.', './rank', './package.json']);
  expect(Object.keys(dependencies)).toEqual(['comlink']);
  const seen = new Set<string>();
  const follow = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const imports = readFileSync(file, 'utf8').matchAll(
      /^(?:import|export) .*from '(.+)';$|import\("(.+?)"\)/gm,
    );
    for (const [, whole, inline] of imports) {
      const from = whole ?? inline ?? '';
      expect(from, `what ${file} imports`).toMatch(/^\./);
      follow(resolve(dirname(file), from.replace(/\.[jt]s$/, '.d.ts')));
    }
  };
  for (const entry of ['.', './rank']) {
    expect(existsSync(join(installed, exports[entry].default))).toBe(true);
    follow(join(installed, exports[entry].types));
  }
  expect(seen.size).toBeGreaterThan(40);
});
