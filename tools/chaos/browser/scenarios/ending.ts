/** Ends that come from outside, and groups that stand beside each other. */

import { type Group, type Scenario, type Stage, sleep } from '../stage.ts';

/** Work that ends only where it is ended: as many collectives as there is time for. */
async function endlessly(stage: Stage, group: Group): Promise<never> {
  for (;;) await stage.works(group);
}

/** Stops the browser's page for a while; only from outside can that be done. */
async function freeze(ms: number): Promise<void> {
  await (window as { freeze?: (ms: number) => Promise<void> }).freeze?.(ms);
}

export const ending: Record<string, Scenario> = {
  'aborted during a call': async (stage) => {
    const controller = new AbortController();
    const group = await stage.launch({ signal: controller.signal });
    setTimeout(() => controller.abort(), stage.draw.below(200));
    await stage.fails(endlessly(stage, group), { codes: ['closed'] });
    await stage.isOver(group);
  },

  'aborted after a call': async (stage) => {
    const controller = new AbortController();
    const group = await stage.launch({ signal: controller.signal });
    await stage.works(group);
    controller.abort();
    await stage.isOver(group);
  },

  'closed during a call': async (stage) => {
    const group = await stage.launch();
    setTimeout(() => void Promise.all([group.close(), group.close()]), stage.draw.below(200));
    await stage.fails(endlessly(stage, group), { codes: ['closed'] });
    await stage.isOver(group);
  },

  'closed during calls that overlap': async (stage) => {
    const group = await stage.launch();
    const calls = [0, 1, 2].map(() => stage.fails(endlessly(stage, group), { codes: ['closed'] }));
    await sleep(stage.draw.below(100));
    await group.close();
    await Promise.all(calls);
  },

  'closed while one hangs': async (stage) => {
    const group = await stage.launch();
    const kind = stage.draw.pick(['hang', 'spin'] as const);
    const call = group.all((each) => each.befall({ kind }, stage.rank, 'wait'));
    setTimeout(() => void group.close(), stage.draw.below(200));
    await stage.fails(call, { codes: ['closed'] });
  },

  'a worker is terminated from outside': async (stage) => {
    const made: Worker[] = [];
    const { program } = stage.options();
    const keep = (): Worker => {
      const worker = program();
      made.push(worker);
      return worker;
    };
    const group = await stage.launch({ program: keep, timeoutMs: stage.shortMs });
    setTimeout(() => made[stage.rank]?.terminate(), stage.draw.below(100));
    await stage.failsLate(endlessly(stage, group), { codes: ['deadline'], names: [stage.rank] });
    await stage.isOver(group);
  },

  'the machine sleeps': async (stage) => {
    const group = await stage.launch({ timeoutMs: stage.shortMs });
    const call = endlessly(stage, group);
    call.catch(() => {}); // looked at below
    await sleep(stage.draw.below(100));
    await freeze(stage.shortMs + 3000);
    await sleep(500);
    await group.close();
    // Whoever waited for another has been interrupted. Where nobody did, nothing has happened until now.
    await stage.fails(call, { codes: ['interrupted', 'closed'], names: [undefined] });
  },

  'a neighbour fails': async (stage) => {
    const [group, neighbour] = await Promise.all([stage.launch(), stage.launch()]);
    const blow = { kind: 'throw', what: 'an error' } as const;
    const failing = neighbour.all((each) => each.befall(blow, stage.rank, 'wait'));
    await Promise.all([
      stage.fails(failing, { codes: ['rank-failed'], names: [stage.rank] }),
      stage.works(group),
    ]);
    await stage.works(group);
  },

  'one signal closes two groups': async (stage) => {
    const controller = new AbortController();
    const { signal } = controller;
    const groups = await Promise.all([stage.launch({ signal }), stage.launch({ signal })]);
    const calls = groups.map((group) => stage.fails(endlessly(stage, group), { codes: ['closed'] }));
    await sleep(stage.draw.below(100));
    controller.abort();
    await Promise.all(calls);
  },
};
