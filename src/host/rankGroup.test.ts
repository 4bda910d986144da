import * as Comlink from 'comlink';
import { expect, it } from 'vitest';
import { allocateGroup } from '../group/memory.ts';
import type { Outcome, RankHost, Uncaught } from '../protocol.ts';
import { RankGroup } from './rankGroup.ts';

const FREED = { code: 'rank-failed', message: 'Rank 0 failed, and the others were freed.', rank: 0 } as const;
const THROWN: Uncaught = { uncaught: { code: 'unknown', message: 'boom', rank: 0 } };

/** The page's end of a rank that answers every call in a way of its own. */
function workerOf(answer: (tell: (news: Uncaught) => void) => Promise<Outcome<unknown>>): Worker {
  const { port1, port2 } = new MessageChannel();
  const host: Pick<RankHost, 'init' | 'call'> = {
    init: async () => ({ ok: true, value: { kind: 'cpu', name: 'a port', software: true } as never }),
    call: () => answer((news) => port2.postMessage(news)),
  };
  Comlink.expose(host, port2);
  return Object.assign(port1, { terminate: () => port2.close() }) as unknown as Worker;
}

it('what a rank threw aside is told, though those that it freed were heard before it', async () => {
  const workers = [
    workerOf(async (tell) => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      tell(THROWN);
      return { ok: false, failure: FREED };
    }),
    workerOf(async () => ({ ok: false, failure: FREED })),
  ];
  const group = await RankGroup.start<{ run(): number }>({
    memory: allocateGroup(2, { cores: 1 }),
    worldSize: 2,
    program: () => workers.shift() as Worker,
    device: 'cpu',
    softwareGpu: false,
    timeoutMs: 10_000,
    trace: 'off',
    tuned: [],
    signal: undefined,
  });
  const error: unknown = await group.all((rank) => rank.run()).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'rank-failed', rank: 0 });
  expect((error as Error).message).toBe('Rank 0 threw, and nothing caught it: boom');
});
