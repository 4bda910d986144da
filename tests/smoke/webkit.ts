/**
 * WebKitGTK's own browser over classic WebDriver, https://www.w3.org/TR/webdriver2, of which this needs eight commands:
 * too little for a client library, none of which knows Debian's program.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import type { Driver, Key, Missing } from './driver.ts';

const DRIVER = '/usr/bin/WebKitWebDriver';
const SCREEN = '/usr/bin/Xvfb';

/** https://www.w3.org/TR/webdriver2/#keyboard-actions */
const KEY_CODES: Readonly<Record<Key, string>> = {
  Tab: '\uE004',
  Enter: '\uE007',
  Escape: '\uE00C',
  End: '\uE010',
  Home: '\uE011',
  ArrowLeft: '\uE012',
  ArrowRight: '\uE014',
  '?': '?',
};

export async function openWebKit(): Promise<Driver | Missing> {
  for (const [path, name] of [
    [DRIVER, 'webkit2gtk-driver'],
    [SCREEN, 'xvfb'],
  ] as const) {
    if (!existsSync(path)) return { missing: `WebKit was not found: there is no ${path}, install ${name}.` };
  }
  // Its browser has no headless mode, so it gets a screen that nobody sees. Xvfb finds a free number by itself.
  const screen = spawn(SCREEN, ['-displayfd', '1', '-screen', '0', '1440x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const port = await freePort();
  const driver = spawn(DRIVER, ['-p', String(port)], {
    stdio: 'ignore',
    env: {
      ...process.env,
      DISPLAY: `:${await firstLine(screen)}`,
      JSC_useSharedArrayBuffer: '1', // WebKitGTK leaves it off, isolated page or not; Safari has it since 15.2
    },
  });
  const stop = () => {
    driver.kill();
    screen.kill();
  };
  try {
    return await drive(`http://127.0.0.1:${port}`, stop);
  } catch (error) {
    stop();
    throw error;
  }
}

async function drive(base: string, stop: () => void): Promise<Driver> {
  await answering(base);
  const { sessionId } = (await send(base, 'POST', '/session', { capabilities: {} })) as { sessionId: string };
  const session = `${base}/session/${sessionId}`;
  const navigate = (url: string) => send(session, 'POST', '/url', { url });
  return {
    async goto(url) {
      await navigate('about:blank'); // to another hash alone, it would wait for a load that never comes
      await navigate(url);
    },
    reload: async () => void (await send(session, 'POST', '/refresh', {})),
    evaluate: (expression) =>
      send(session, 'POST', '/execute/sync', { script: `return ${expression}`, args: [] }),
    async press(key) {
      const actions = ['keyDown', 'keyUp'].map((type) => ({ type, value: KEY_CODES[key] }));
      await send(session, 'POST', '/actions', { actions: [{ type: 'key', id: 'keyboard', actions }] });
    },
    async close() {
      await send(session, 'DELETE', '');
      stop();
    },
  };
}

/** @throws what the driver says is wrong */
async function send(base: string, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${base}${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const { value } = (await response.json()) as { value: unknown };
  if (response.ok) return value;
  const { error, message } = value as { error: string; message: string };
  throw new Error(`WebKitWebDriver, ${method} ${path}: ${error}: ${message}`);
}

/** Resolves when the driver listens. */
async function answering(base: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    try {
      return void (await send(base, 'GET', '/status'));
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('The process has no output to read.');
  for await (const line of createInterface(stdout)) return line;
  throw new Error('Xvfb ended before it had a display.');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
