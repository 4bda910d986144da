import { expect, test, vi } from 'vitest';
import { ensureBrowser, findBrowser } from './browser.mjs';

const playwright = '/cache/playwright/chrome';

/**
 * A machine with nothing but these files. A file named in `installs` appears when a command line has that word.
 * @param {{ platform?: string, env?: Record<string, string>, files?: string[], installs?: Record<string, string> }} has
 */
function machine({ platform = 'linux', env = {}, files = [], installs = {} }) {
  const present = new Set(files);
  const run = vi.fn((/** @type {string} */ program, /** @type {string[]} */ args) => {
    if (present.has(program) && args[0] === '--version') return true;
    const found = Object.entries(installs).find(
      ([word]) => args.includes('install') && [program, ...args].join(' ').includes(word),
    );
    if (found) present.add(found[1]);
    return found !== undefined || args.includes('update');
  });
  return {
    platform,
    env,
    home: '/home/me',
    playwright,
    exists: (/** @type {string} */ path) => present.has(path),
    run,
  };
}

test('CHROME_PATH goes first', () => {
  const files = ['/opt/mine', '/usr/bin/chromium'];
  expect(findBrowser(machine({ env: { CHROME_PATH: '/opt/mine' }, files }))).toBe('/opt/mine');
});

test('a CHROME_PATH that leads nowhere is an error, not a fallback', () => {
  const wrong = machine({ env: { CHROME_PATH: '/opt/gone' }, files: ['/usr/bin/chromium'] });
  expect(() => findBrowser(wrong)).toThrow('CHROME_PATH is /opt/gone');
});

test.each([
  { platform: 'linux', path: '/usr/bin/google-chrome' },
  { platform: 'linux', path: '/snap/bin/chromium' },
  { platform: 'darwin', path: '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome' },
  { platform: 'darwin', path: '/home/me/Applications/Chromium.app/Contents/MacOS/Chromium' },
  { platform: 'win32', path: 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe' },
  { platform: 'win32', path: 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe' },
])('finds $path on $platform', ({ platform, path }) => {
  const env = { ProgramFiles: 'C:\\Program Files', 'ProgramFiles(x86)': 'C:\\Program Files (x86)' };
  expect(findBrowser(machine({ platform, env, files: [path, playwright] }))).toBe(path);
});

test("Playwright's own Chromium is the last resort, and null means none", () => {
  expect(findBrowser(machine({ files: [playwright] }))).toBe(playwright);
  expect(findBrowser(machine({}))).toBeNull();
});

test('installs nothing where a browser is there', () => {
  const ready = machine({ files: ['/usr/bin/chromium'] });
  expect(ensureBrowser(ready)).toBe('/usr/bin/chromium');
  expect(ready.run).not.toHaveBeenCalled();
});

test('installs with Playwright first', () => {
  expect(ensureBrowser(machine({ installs: { playwright } }))).toBe(playwright);
});

test("installs Debian's package where Playwright cannot download", () => {
  const debian = machine({ files: ['/usr/bin/apt-get'], installs: { 'apt-get': '/usr/bin/chromium' } });
  expect(ensureBrowser(debian)).toBe('/usr/bin/chromium');
});

test('says what was tried where nothing helped', () => {
  expect(() => ensureBrowser(machine({ files: ['/usr/bin/apt-get'] }))).toThrow(
    /tried .*playwright.*apt-get.*CHROME_PATH/,
  );
});
