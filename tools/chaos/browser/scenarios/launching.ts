/** What may go wrong before a group is there. */

import { type LaunchOptions, launch } from '../../../../src/index.ts';
import { CHEESE } from '../blows.ts';
import { type Scenario, scriptOf, sleep, startRank } from '../stage.ts';

const INPUT = { codes: ['input'] };

/** Options that must be refused by a sentence with the name of the option and its value. */
const REFUSED: readonly { readonly options: object; readonly says: RegExp }[] = [
  { options: { worldSize: 0 }, says: /worldSize is 0/ },
  { options: { worldSize: 65 }, says: /worldSize is 65/ },
  { options: { worldSize: 1.5 }, says: /worldSize is 1\.5/ },
  { options: { worldSize: Number.NaN }, says: /worldSize is NaN/ },
  { options: { timeoutMs: 0 }, says: /timeoutMs is 0/ },
  { options: { timeoutMs: -1 }, says: /timeoutMs is [-−]1/ },
  { options: { timeoutMs: Number.NaN }, says: /timeoutMs is NaN/ },
  { options: { device: 'tpu' }, says: /device is .*tpu/ },
  { options: { memory: { arenaBytes: -5 } }, says: /arenaBytes is [-−]5/ },
  { options: { memory: { arenaBytes: Number.NaN } }, says: /arenaBytes is NaN/ },
  { options: { memory: { slotBytes: Number.NaN } }, says: /slotBytes is NaN/ },
  { options: { memory: { slotBytes: -1 } }, says: /slotBytes is [-−]1/ },
  { options: { memory: { mailboxBytes: Number.NaN } }, says: /mailboxBytes is NaN/ },
  { options: { memory: { mailboxBytes: -64 } }, says: /mailboxBytes is [-−]64/ },
];

export const launching: Record<string, Scenario> = {
  'nothing goes wrong': async (stage) => {
    const group = await stage.launch();
    await stage.works(group);
    await group.close();
    await group.close();
    await stage.isOver(group);
  },

  'an option makes no sense': async (stage) => {
    const { options, says } = stage.draw.pick(REFUSED);
    const program = (): Worker => {
      stage.complain('leaked worker', 'a worker was made for options that make no sense');
      return startRank();
    };
    const asked = { ...stage.options({ program }), ...options } as LaunchOptions;
    await stage.fails(launch(asked), { ...INPUT, says });
  },

  'aborted before it begins': async (stage) => {
    await stage.fails(launch(stage.options({ signal: AbortSignal.abort() })), { codes: ['closed'] });
  },

  'aborted in program()': async (stage) => {
    const controller = new AbortController();
    const program = stage.programs(() => {
      const early = stage.draw.chance(0.5);
      if (early) controller.abort();
      const worker = startRank();
      if (!early) controller.abort();
      return worker;
    });
    await stage.fails(launch(stage.options({ program, signal: controller.signal })), { codes: ['closed'] });
  },

  'aborted while the ranks start': async (stage) => {
    const controller = new AbortController();
    const ms = stage.draw.below(300);
    const launching = launch(stage.options({ signal: controller.signal })).then((group) =>
      sleep(1000).then(() => group.all(async () => {})),
    );
    if (ms > 50) await sleep(ms);
    controller.abort();
    await stage.fails(launching, { codes: ['closed'] });
  },

  'program() throws': async (stage) => {
    const program = stage.programs(() => {
      throw new RangeError(CHEESE);
    });
    const launched = launch(stage.options({ program })).catch((error: unknown) => String(error));
    const told = await launched;
    if (typeof told !== 'string' || !told.includes(CHEESE))
      stage.complain('wrong name', `it ended with ${told}`);
  },

  'a script is not there': async (stage) => {
    const program = stage.programs(() => new Worker('/no-such-rank.js', { type: 'module' }));
    await stage.fails(launch(stage.options({ program })), { codes: ['rank-failed'], names: [stage.rank] });
  },

  'a script throws as it loads': async (stage) => {
    const program = stage.programs(() => scriptOf(`throw new TypeError('${CHEESE}')`));
    const says = new RegExp(CHEESE);
    await stage.fails(launch(stage.options({ program })), {
      codes: ['rank-failed'],
      names: [stage.rank],
      says,
    });
  },

  'a script cannot be parsed': async (stage) => {
    const program = stage.programs(() => scriptOf('} this is no JavaScript {'));
    await stage.fails(launch(stage.options({ program })), { codes: ['rank-failed'], names: [stage.rank] });
  },

  'a script does not serve': async (stage) => {
    const program = stage.programs(() =>
      scriptOf(stage.draw.pick(['', 'await new Promise(() => {})', 'close()'])),
    );
    const started = launch(stage.options({ program, timeoutMs: stage.shortMs }));
    await stage.failsLate(started, { codes: ['deadline'], names: [stage.rank] });
  },

  'a rank throws at init': async (stage) => {
    const program = stage.programs(() => startRank({ does: 'throw' }));
    const says = new RegExp(CHEESE);
    await stage.fails(launch(stage.options({ program })), {
      codes: ['rank-failed'],
      names: [stage.rank],
      says,
    });
  },

  'a rank throws in a timer at init': async (stage) => {
    const program = stage.programs(() => startRank({ does: 'throw in a timer' }));
    const says = new RegExp(CHEESE);
    await stage.fails(launch(stage.options({ program })), {
      codes: ['rank-failed'],
      names: [stage.rank],
      says,
    });
  },

  'a rank hangs at init': async (stage) => {
    const does = stage.draw.pick(['hang', 'close'] as const);
    const program = stage.programs(() => startRank({ does }));
    const started = launch(stage.options({ program, timeoutMs: stage.shortMs }));
    await stage.failsLate(started, { codes: ['deadline'], names: [stage.rank] });
  },

  'the memory is refused': async (stage) => {
    const { Memory } = WebAssembly;
    WebAssembly.Memory = class {
      constructor() {
        throw new RangeError('WebAssembly.Memory(): could not allocate memory');
      }
    } as unknown as typeof Memory;
    try {
      await stage.fails(launch(stage.options()), { codes: ['environment', 'memory'], says: /shared memory/ });
    } finally {
      WebAssembly.Memory = Memory;
    }
  },
};
