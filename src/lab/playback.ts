/** Moves a scrubber along the moments of a run, by hand or by itself. */

/** How long playing stands on one moment. */
const PLAY_MS = 900;

export interface Scrubbed {
  readonly at: number;
  readonly playing: boolean;
}

export interface PlaybackOptions {
  readonly get: () => Scrubbed;
  readonly set: (patch: Partial<Scrubbed>) => void;
  /** The last moment there is. */
  readonly last: () => number;
  /** Whether there is anything to play. */
  readonly ready: () => boolean;
}

export interface Playback {
  seek(at: number): void;
  step(by: number): void;
  play(): void;
  pause(): void;
}

export function createPlayback({ get, set, last, ready }: PlaybackOptions): Playback {
  let timer: ReturnType<typeof setTimeout> | undefined;

  function clamp(at: number): number {
    return Math.max(0, Math.min(last(), Math.round(at)));
  }

  function tick(): void {
    if (!get().playing || !ready()) return;
    const next = clamp(get().at + 1);
    set({ at: next, playing: next < last() });
    timer = setTimeout(tick, PLAY_MS);
  }

  return {
    seek: (at) => set({ at: clamp(at) }),
    step: (by) => set({ at: clamp(get().at + by), playing: false }),
    play() {
      if (!ready()) return;
      set({ playing: true, at: get().at >= last() ? 0 : get().at });
      clearTimeout(timer);
      timer = setTimeout(tick, PLAY_MS);
    },
    pause: () => set({ playing: false }),
  };
}

/** Where the scrubber stands after a new run: at the end if it was there, else where it was, as far as there is such a moment. */
export function carriedOver(at: number, last: { before: number; now: number }): number {
  return at >= last.before ? last.now : Math.min(at, last.now);
}
