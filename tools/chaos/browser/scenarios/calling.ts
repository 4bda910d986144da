/** What may go wrong in a call to a group that is there. */

import { type Blow, CHEESE, THROWN_NAMES } from '../blows.ts';
import { type Group, type Scenario, type Stage, sleep } from '../stage.ts';

/** The blow befalls the stage's rank; the others wait for it, or have returned. */
function befall(
  { draw, rank }: Stage,
  group: Group,
  blow: Blow,
  whom: number | 'all' = rank,
): Promise<unknown> {
  const others = draw.pick(['wait', 'return'] as const);
  return group.all((each) => each.befall(blow, whom, others));
}

export const calling: Record<string, Scenario> = {
  'a rank throws an error': async (stage) => {
    const group = await stage.launch();
    const work = befall(stage, group, { kind: 'throw', what: 'an error' });
    await stage.fails(work, { codes: ['rank-failed'], names: [stage.rank], says: new RegExp(CHEESE) });
    await stage.isOver(group);
  },

  'a rank throws something else': async (stage) => {
    const group = await stage.launch();
    const work = befall(stage, group, { kind: 'throw', what: stage.draw.pick(THROWN_NAMES) });
    const says = new RegExp(`rank ${stage.rank}\\b`, 'i');
    await stage.fails(work, { codes: ['rank-failed'], names: [stage.rank], says });
    await stage.isOver(group);
  },

  'a result cannot be sent': async (stage) => {
    const group = await stage.launch();
    const work = befall(stage, group, { kind: 'return what cannot be sent', deep: stage.draw.chance(0.5) });
    await stage.fails(work, { codes: ['rank-failed', 'input'], names: [stage.rank], says: /befall/ });
  },

  'an argument cannot be sent': async (stage) => {
    const group = await stage.launch();
    const all = stage.draw.chance(0.5);
    const work = group.all((each, index) => each.take(all || index === stage.rank ? () => CHEESE : 1));
    const names = all ? stage.ranks : [stage.rank];
    await stage.fails(work, { codes: ['rank-failed', 'input'], names, says: /take/ });
  },

  'a method is not there': async (stage) => {
    const group = await stage.launch();
    const work = group.all((each) => Reflect.get(each, 'conquer')() as Promise<void>);
    await stage.fails(work, { codes: ['input'], says: /conquer/ });
    await stage.works(group);
  },

  'all ranks refuse an input': async (stage) => {
    const group = await stage.launch();
    for (let i = 0; i < 2; i++) {
      const blow = stage.draw.pick([
        { kind: 'refuse', tokens: 5 },
        { kind: 'refuse in a collective' },
      ] as const);
      await stage.fails(befall(stage, group, blow, 'all'), { codes: ['input'] });
      if (group.closed) stage.complain('wrong name', 'the group did not outlive a refused input');
      else await stage.works(group);
    }
  },

  'one rank refuses an input': async (stage) => {
    const group = await stage.launch();
    const work = befall(stage, group, { kind: 'refuse', tokens: 5 });
    await stage.fails(work, { codes: ['input', 'rank-failed'], names: [stage.rank] });
    if (stage.worldSize > 1) await stage.isOver(group);
    else await stage.works(group);
  },

  'a rank hangs': async (stage) => {
    const group = await stage.launch({ timeoutMs: stage.shortMs });
    const kind = stage.draw.pick(['hang', 'spin', 'close'] as const);
    await stage.failsLate(befall(stage, group, { kind }), { codes: ['deadline'], names: [stage.rank] });
    await stage.isOver(group);
  },

  'a rank throws in a timer': async (stage) => {
    const group = await stage.launch();
    const afterMs = stage.draw.below(50);
    const work = befall(stage, group, { kind: 'throw in a timer', afterMs, returns: false });
    await stage.fails(work, { codes: ['rank-failed'], names: [stage.rank], says: new RegExp(CHEESE) });
    await stage.isOver(group);
  },

  'a rank throws in a timer between two calls': async (stage) => {
    const group = await stage.launch();
    const blow: Blow = { kind: 'throw in a timer', afterMs: 20, returns: true };
    await group.all((each) => each.befall(blow, stage.rank, 'return'));
    for (let i = 0; i < 100 && !group.closed; i++) await sleep(20);
    await stage.fails(stage.works(group), { codes: ['rank-failed', 'closed'] });
    await stage.isOver(group);
  },

  'a promise is rejected that nobody waits for': async (stage) => {
    const group = await stage.launch({ timeoutMs: stage.shortMs });
    const work = befall(stage, group, { kind: 'reject' });
    await stage.failsLate(work, { codes: ['rank-failed', 'deadline'], names: [stage.rank] });
    await stage.isOver(group);
  },

  'a rank posts nonsense': async (stage) => {
    const group = await stage.launch();
    await befall(stage, group, { kind: 'post nonsense' }, 'all');
    await stage.works(group);
  },

  'a rank loses its GPU': async (stage) => {
    const group = await stage.launch();
    if (stage.device === 'cpu') return stage.works(group);
    const work = befall(stage, group, { kind: 'lose the device' });
    await stage.fails(work, { codes: ['device', 'rank-failed'], names: [stage.rank] });
    await stage.isOver(group);
  },

  'all ranks lose their GPUs': async (stage) => {
    const group = await stage.launch();
    if (stage.device === 'cpu') return stage.works(group);
    await stage.fails(befall(stage, group, { kind: 'lose the device' }, 'all'), { codes: ['device'] });
    await stage.isOver(group);
  },
};
