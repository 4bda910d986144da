/** The page as it is shipped, on a port of its own, and what goes wrong in it. */

import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type PreviewServer, preview } from 'vite';

export interface Site {
  readonly url: string;
  /** What the pages have reported since it was last asked for: what nobody caught, and what they wrote as an error. */
  takeErrors(): string[];
  close(): Promise<void>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const outDir = 'test-results/smoke';

/**
 * Tells the server of errors, since no protocol here tells of them in every browser. The first script of the page; it
 * is a file, as a page with a content security policy allows no other.
 */
const REPORTER = `
let leaving = false; // what a page still waits for when it is left does not come, and Firefox calls that an error
addEventListener('beforeunload', () => { leaving = true; });
const report = (message) => leaving || navigator.sendBeacon('errors', message);
const said = (error) => error + '\\n' + (error?.stack ?? ''); // only Chromium's stack has the message
const reportEvent = ({ message, error, target }) => {
  // A hint. Firefox 153 calls it an error where the module has been loaded by a script element already.
  if (target.rel === 'modulepreload') return;
  report(error ? said(error) : message || 'Not loaded: ' + (target.src ?? target.href));
};
addEventListener('error', reportEvent, true);
addEventListener('unhandledrejection', ({ reason }) => report(said(reason)));
addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
  report(violatedDirective + ' blocked ' + blockedURI));
for (const level of ['error', 'warn']) console[level] = (...words) => report(words.join(' '));
`;

/** Serves the page from a folder of these tests, into which it is built, or copied where `npm test` had it built. */
export async function serveSite(): Promise<Site> {
  const built = process.env['RINGSIDE_SITE'];
  if (built === undefined) build();
  else cpSync(built, join(root, outDir), { recursive: true });
  addReporter();
  const errors: string[] = [];
  const server = await preview({
    root,
    logLevel: 'warn',
    build: { outDir },
    preview: { port: 0, host: '127.0.0.1' },
    plugins: [
      {
        name: 'ringside:collect-errors',
        configurePreviewServer({ middlewares }) {
          middlewares.use('/errors', (request, response) => {
            let text = '';
            request.setEncoding('utf8').on('data', (part: string) => {
              text += part;
            });
            request.on('end', () => {
              errors.push(text);
              response.writeHead(204).end();
            });
          });
        },
      },
    ],
  });
  return { url: addressOf(server), takeErrors: () => errors.splice(0), close: () => server.close() };
}

function build(): void {
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  // In a process of its own: under Vitest, NODE_ENV is "test", and React would come with its checks for developers.
  const { status, stderr } = spawnSync(process.execPath, [vite, 'build', '--outDir', outDir], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production' },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The page could not be built: ${stderr}`);
}

function addReporter(): void {
  writeFileSync(join(root, outDir, 'reporter.js'), REPORTER);
  const index = join(root, outDir, 'index.html');
  writeFileSync(
    index,
    readFileSync(index, 'utf8').replace('<head>', '<head><script src="reporter.js"></script>'),
  );
}

function addressOf({ resolvedUrls }: PreviewServer): string {
  const [url] = resolvedUrls?.local ?? [];
  if (url === undefined) throw new Error('The preview server has no address.');
  return url;
}
