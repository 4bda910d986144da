// Finds a full Chromium for the tests, or installs one. Playwright's headless shell will not do: it has no WebGPU.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { chromium } from '@playwright/test';

/**
 * What finding and installing look at; the tests pass a machine of their own.
 * @typedef {object} Machine
 * @property {string} platform
 * @property {string} home
 * @property {Record<string, string | undefined>} env
 * @property {(path: string) => boolean} exists
 * @property {(program: string, args: string[]) => boolean} run true where the program ended well
 * @property {string} playwright where Playwright puts its full Chromium
 */

/** @type {Machine} */
const thisMachine = {
  platform: process.platform,
  home: homedir(),
  env: process.env,
  exists: existsSync,
  run,
  playwright: chromium.executablePath(),
};

/** Whether the machine's own GPU is asked for, in place of the software adapter that every machine has. */
export const wantsRealGpu = process.env['RINGSIDE_GPU'] === 'real';

const commonArgs = [
  '--no-sandbox', // containers have no user namespaces, and only our own pages are opened
  '--enable-unsafe-webgpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  // Chromium 156 loads its own search box as a page just after it starts, for a second of the machine's time: ours was
  // on screen after 2.3 s in place of 3.0. And it keeps a process ready for the next page, of which a test has one or none:
  // of five pages one after another each took 3.7 s of processor without it in place of 4.9. Of two such flags the last
  // counts, so Playwright's own list is not in force.
  `--disable-features=${[
    'WebUIOmniboxPopup',
    'WebUIOmniboxAimPopup',
    'SpareRendererForSitePerProcess',
    'MediaRouter',
    'OptimizationHints',
    'HttpsUpgrades',
    // Keeps with each script where every function of it was compiled, again and again where compiled code is dropped: in
    // tools/soak.mjs 0.7 of the 1.1 MiB that the heap grew by in 200 launches.
    'LocalCompileHints',
  ]}`,
];

/**
 * The flags under which WebGPU reaches the machine's GPU. On Linux Chromium 156 without a window draws by OpenGL, and
 * WebGPU silently takes SwiftShader, with `--enable-features=Vulkan` alone too: an NVIDIA H200 answered under these.
 */
export const realGpuArgs = [
  ...commonArgs,
  ...(process.platform === 'linux'
    ? [
        '--enable-features=Vulkan,VulkanFromANGLE,DefaultANGLEVulkan',
        '--use-angle=vulkan',
        '--disable-vulkan-surface',
        '--ignore-gpu-blocklist',
      ]
    : []),
];

/** The flags under which WebGPU answers everywhere: in software, unless RINGSIDE_GPU=real asks for the machine's GPU. */
export const browserArgs = wantsRealGpu ? realGpuArgs : [...commonArgs, '--use-webgpu-adapter=swiftshader'];

/**
 * The path of a Chrome, Chromium or Edge, or null. CHROME_PATH goes first and is binding.
 * @param {Machine} machine
 */
export function findBrowser(machine = thisMachine) {
  const chosen = machine.env['CHROME_PATH'];
  if (chosen) {
    if (machine.exists(chosen)) return chosen;
    throw new Error(`CHROME_PATH is ${chosen}, where there is no file. Set it to a Chrome, or unset it.`);
  }
  return [...usualPlaces(machine), machine.playwright].find((path) => machine.exists(path)) ?? null;
}

/** @param {Machine} machine */
function usualPlaces({ platform, home, env }) {
  if (platform === 'win32') {
    const roots = [env['ProgramFiles'], env['ProgramFiles(x86)'], env['LOCALAPPDATA']].filter(
      (root) => root !== undefined,
    );
    const programs = [
      'Google\\Chrome\\Application\\chrome.exe',
      'Chromium\\Application\\chrome.exe',
      'Microsoft\\Edge\\Application\\msedge.exe',
    ];
    return programs.flatMap((program) => roots.map((root) => `${root}\\${program}`));
  }
  if (platform === 'darwin') {
    const names = ['Google Chrome', 'Chromium', 'Microsoft Edge'];
    return names.flatMap((name) =>
      ['', home].map((root) => `${root}/Applications/${name}.app/Contents/MacOS/${name}`),
    );
  }
  const names = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser', 'microsoft-edge'];
  return names.flatMap((name) =>
    ['/usr/bin', '/usr/local/bin', '/snap/bin'].map((folder) => `${folder}/${name}`),
  );
}

/**
 * The path of a browser, installed if need be. Throws a sentence that names what was tried.
 * @param {Machine} machine
 */
export function ensureBrowser(machine = thisMachine) {
  const found = findBrowser(machine);
  if (found !== null) return found;
  const installers = [installWithPlaywright, installWithApt];
  for (const install of installers) {
    // On a bare Linux Playwright's Chromium can be there and lack its libraries.
    const path = install(machine) ? findBrowser(machine) : null;
    if (path !== null && (machine.platform !== 'linux' || machine.run(path, ['--version']))) return path;
  }
  throw new Error(
    'No Chrome, Chromium or Edge was found, and none could be installed: tried `npx playwright install chromium`, ' +
      'and `apt-get install chromium` where that is allowed. Install one of them, or set CHROME_PATH to its program.',
  );
}

/** @param {Machine} machine */
function installWithPlaywright({ run }) {
  const cli = createRequire(import.meta.url).resolve('@playwright/test/cli');
  return run(process.execPath, [cli, 'install', '--no-shell', 'chromium']);
}

/** @param {Machine} machine */
function installWithApt({ platform, exists, run }) {
  if (platform !== 'linux' || !exists('/usr/bin/apt-get')) return false;
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n']; // -n: fail where a password would be asked for
  const apt = (/** @type {string[]} */ ...args) => {
    const [program = '', ...rest] = [...asRoot, 'apt-get', ...args];
    return run(program, rest);
  };
  return apt('update') && apt('install', '-y', '--no-install-recommends', 'chromium');
}

/**
 * @param {string} program
 * @param {string[]} args
 */
function run(program, args) {
  const env = {
    ...process.env,
    DEBIAN_FRONTEND: 'noninteractive',
    PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '5000', // of each of its five tries; where there is no way out, fail soon
  };
  return spawnSync(program, args, { stdio: 'inherit', env }).status === 0;
}
