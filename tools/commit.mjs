// The commit that is built, for the benchmark's record.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const cwd = fileURLToPath(new URL('..', import.meta.url));

/** Short, or '' where there is no git or no repository, as in an archive. */
function readCommit() {
  const { status, stdout } = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : '';
}

/** For Vite's `define`; types/build.d.ts declares it. */
export const commitDefine = { __COMMIT__: JSON.stringify(readCommit()) };
