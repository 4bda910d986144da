/** Looking into what the ranks did, and into one token's pass: a part of the store of its own. */

import { stepsOf } from '../../program/plan.ts';
import { createPlayback } from '../playback.ts';
import type { PassPart } from './passParts.ts';
import type { ModelSession } from './session.ts';
import type { Inspected, ModelActions, ModelState, TokenPlace } from './state.ts';

interface InspectingOptions {
  readonly get: () => ModelState;
  readonly set: (patch: Partial<ModelState>) => void;
  /** Asks ranks that rest. */
  readonly ask: (question: (session: ModelSession) => Promise<void>) => void;
}

type Inspecting = Pick<
  ModelActions,
  'recall' | 'inspect' | 'showPart' | 'select' | 'seek' | 'step' | 'play' | 'pause'
>;

export function createInspecting({ get, set, ask }: InspectingOptions): Inspecting {
  function contextTo({ turn, index }: TokenPlace): number[] {
    const own = get().turns[turn];
    return [...(own?.context ?? []), ...(own?.tokens.slice(0, index + 1).map(({ id }) => id) ?? [])];
  }

  /** Asks for what is not there yet of what one looks at; that may be something else by the time of an answer. */
  async function fetchMissing(session: ModelSession): Promise<void> {
    const { inspected } = get();
    if (inspected === null) return;
    const { pass, part, selected } = inspected;
    const isSame = (now: Inspected | null): now is Inspected => now?.pass === pass && now.part === part;
    if (inspected.opened === null) {
      const opened = await session.openTensor(selected);
      const now = get().inspected;
      if (isSame(now) && now.selected === selected) set({ inspected: { ...now, opened } });
    }
    const index = pass.parts[part]?.attention ?? null;
    if (index !== null && inspected.attention === null) {
      const attention = await session.attention(index);
      const now = get().inspected;
      if (isSame(now)) set({ inspected: { ...now, attention } });
    }
  }

  return {
    recall(take) {
      if (!get().alive) return take([]);
      ask(async (session) => {
        set({ doing: 'recalling' });
        take(await session.recorded());
      });
    },

    inspect(place) {
      if (place === null) return set({ inspected: null, playing: false });
      ask(async (session) => {
        set({ doing: 'inspecting' });
        const pass = await session.inspect(contextTo(place));
        // The first layer: it has everything that makes a layer one.
        const part = Math.max(
          0,
          pass.parts.findIndex((one) => one.attention === 0),
        );
        const inspected = { place, pass, part, ...beginningOf(pass.parts[part]) };
        set({ inspected, at: lastOf(inspected), playing: false });
        await fetchMissing(session);
      });
    },

    showPart(part, at) {
      const { inspected } = get();
      const shown = inspected?.pass.parts[part];
      if (inspected === null || shown === undefined) return;
      if (inspected.part === part) return set({ at: at ?? get().at });
      const next = { ...inspected, part, ...beginningOf(shown) };
      set({ inspected: next, at: at ?? lastOf(next), playing: false });
      ask(fetchMissing);
    },

    select(selected) {
      const { inspected } = get();
      if (inspected === null || inspected.selected === selected) return;
      set({ inspected: { ...inspected, selected, opened: null } });
      ask(fetchMissing);
    },

    ...createPlayback({
      get,
      set,
      last: () => lastOf(get().inspected),
      ready: () => get().inspected !== null,
    }),
  };
}

function beginningOf(part: PassPart | undefined): Pick<Inspected, 'selected' | 'opened' | 'attention'> {
  return { selected: part?.plan.output ?? '', opened: null, attention: null };
}

/** The moment at which everything of the part is done. */
function lastOf(inspected: Inspected | null): number {
  const part = inspected?.pass.parts[inspected.part];
  return part === undefined ? 0 : stepsOf(part.plan).length;
}
