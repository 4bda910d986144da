/** PyTorch in processes of its own, which take orders a line at a time. See pytorch.py. */

import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { BenchCase } from '../../../src/bench/record.ts';
import type { Entrant, Prepared } from '../race.ts';

const SCRIPT = fileURLToPath(new URL('pytorch.py', import.meta.url));

/** OpenBLAS has its threads spin for 2²⁶ cycles before they sleep, some 30 ms. */
const LINGERS_MS = 100;

export interface NativeEntrant extends Entrant {
  /** What answers, once it has: "PyTorch 1.13.0, libblas.so.3". */
  readonly version: () => string;
  close(): void;
}

type Answer = Readonly<Record<string, unknown>>;

/**
 * @param args of the script
 * @param one whose shape, or whose bytes, it is given
 */
export function pytorchEntrant(
  python: string,
  id: string,
  args: readonly string[],
  one: BenchCase,
): NativeEntrant {
  let session: Session | null = null;
  let version = '';
  return {
    id,
    lingersMs: LINGERS_MS,
    version: () => version,
    async prepare(): Promise<Prepared> {
      session = openSession(python, args);
      version = String((await session.next())['version']);
      const { wrong, maxAbsError } = await session.ask({ prepare: { ...one.shape, bytes: one.bytes } });
      return { wrong: Number(wrong), maxAbsError: Number(maxAbsError), atOnce: Number.POSITIVE_INFINITY };
    },
    async iterate(runs) {
      return Number((await session?.ask({ iterate: runs }))?.['ms']);
    },
    async release() {
      session?.end();
    },
    close: () => session?.end(),
  };
}

interface Session {
  next(): Promise<Answer>;
  ask(order: Answer): Promise<Answer>;
  end(): void;
}

function openSession(python: string, args: readonly string[]): Session {
  // A BLAS that is told another processor's name may be slower than one that looks for itself.
  const { OPENBLAS_CORETYPE: _, ...env } = process.env;
  const child = spawn(python, [SCRIPT, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const said = errorsOf(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<Answer> => {
    const { value, done } = await lines.next();
    if (done) throw new Error((await said).split('\n').at(-1) ?? '');
    return JSON.parse(value);
  };
  return {
    next,
    ask(order) {
      child.stdin.write(`${JSON.stringify(order)}\n`);
      return next();
    },
    end: () => child.stdin.end(),
  };
}

/** What it said on stderr, when it has ended. */
function errorsOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    child.stderr?.on('data', (chunk) => {
      text += chunk;
    });
    child.on('error', ({ message }) => resolve(message));
    child.on('close', (code) => resolve(text.trim() || `It ended with ${code}.`));
    child.stdin?.on('error', () => {}); // it has ended: the next line says so
  });
}
