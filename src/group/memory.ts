/**
 * The memory that a group shares: one `WebAssembly.Memory`, made by the page with `allocateGroup` and opened by each
 * rank with `attachGroup`. Its buffer is a SharedArrayBuffer, and kernels compiled to WASM work on it too.
 *
 * | header | control block of each rank | mailboxes | windows | workplaces | arenas | what arenas have grown by |
 *
 * The guarantee everything rests on: a rank writes payload first, then the atomic store that publishes it, and only
 * the owner of a window, an arena or a control block writes to it. (The page takes back refusals, while no rank works.)
 */

import { describeValue } from '../base/describe.ts';
import { LabError } from '../base/errors.ts';
import { SLOTS } from '../collectives/segments.ts';
import { floatsIn, MAX_BYTES, PAGE_BYTES, sharedMemory } from '../wasm/memory.ts';

export const MAX_WORLD_SIZE = 64;

/** Words (int32) of the header. */
export const HEADER = {
  worldSize: 0,
  slotBytes: 1,
  arenaBytes: 2,
  mailboxBytes: 3,
  /** How many cores the page sees; ranks spin only where each has one. */
  cores: 4,
  /** 0 while all is well, else a reason with its ranks; see abort.ts. Set once, by compare-and-exchange. */
  abort: 8,
} as const;

/** Words of a rank's control block. Each counter has a cache line of its own, so that waiting on one is not false sharing. */
export const CONTROL = {
  /** Tickets completed, over all collectives; see segments.ts. Wraps round at 2³². */
  tickets: 0,
  /** Collectives entered. */
  entered: 16,
  /** Two call records of 8 words: what the rank entered last, and before that; see call.ts. */
  call: 32,
  /** Whom the rank waits for, plus 1, and the counter and the value of it that it waits for; see wait.ts. */
  waitsFor: 48,
  waitIndex: 49,
  waitTarget: 50,
  /** 1 once the rank has refused what the page asked, and does no more of it; see refusal.ts. */
  refused: 56,
} as const;

/** Words of a mailbox's control line, one for each ordered pair of ranks. */
export const MAILBOX = {
  /** Letters put in and letters taken out. */
  sent: 0,
  taken: 1,
  /** Of the letter inside: elements, and elements of the whole message. */
  letterLength: 2,
  messageLength: 3,
} as const;

const MIB = 2 ** 20;
const HEADER_WORDS = 64;
const CONTROL_WORDS = 64;
const MAILBOX_WORDS = 16;

export interface GroupOptions {
  /**
   * One slot of a rank's window; messages whose chunks do not fit go through in segments. Default a
   * sixteenth of the arena, 256 KiB at least and 1 MiB at most.
   */
  readonly slotBytes?: number;
  /** A rank's arena, where tensors live that collectives may change in place, before it grows. Default 16 MiB. */
  readonly arenaBytes?: number;
  /** One letter of send and recv. Default 16 KiB. */
  readonly mailboxBytes?: number;
  readonly cores?: number;
}

interface Layout {
  readonly worldSize: number;
  readonly slotBytes: number;
  readonly arenaBytes: number;
  readonly mailboxBytes: number;
}

/** Byte offsets of the regions. */
function offsets({ worldSize, slotBytes, arenaBytes, mailboxBytes }: Layout) {
  const control = 4 * HEADER_WORDS;
  const mailboxControl = control + 4 * CONTROL_WORDS * worldSize;
  const mailboxes = mailboxControl + 4 * MAILBOX_WORDS * worldSize ** 2;
  const windows = mailboxes + mailboxBytes * worldSize ** 2;
  const workplaces = windows + SLOTS * slotBytes * worldSize;
  const arenas = workplaces + slotBytes * worldSize;
  return {
    control,
    mailboxControl,
    mailboxes,
    windows,
    workplaces,
    arenas,
    end: arenas + arenaBytes * worldSize,
  };
}

function align(bytes: number, to: number): number {
  return Math.ceil(bytes / to) * to;
}

/**
 * Who has room for long buffers sends them in long segments: each is waited for, and where ranks are more than cores, slept
 * for. 16 MiB on four ranks of two cores take 9.4 ms by segments of 1 MiB and 17.2 by 256 KiB; on two ranks 3.1 and 4.1.
 */
function slotBytesFor(arenaBytes: number): number {
  return Math.min(MIB, Math.max(MIB / 4, Math.floor(arenaBytes / 16)));
}

/**
 * Makes the memory of a group.
 * @throws LabError `input` for an impossible worldSize or size; `environment` where shared memory is missing, `memory`
 *   where it is refused
 */
export function allocateGroup(worldSize: number, options: GroupOptions = {}): WebAssembly.Memory {
  if (!Number.isInteger(worldSize) || worldSize < 1 || worldSize > MAX_WORLD_SIZE) {
    throw new LabError(
      'input',
      `worldSize is ${describeValue(worldSize)}; it must be a whole number from 1 to ${MAX_WORLD_SIZE}.`,
    );
  }
  const { arenaBytes = 16 * MIB, mailboxBytes = 16 * 1024 } = options;
  const { slotBytes = slotBytesFor(arenaBytes) } = options;
  for (const [name, bytes] of Object.entries({ arenaBytes, slotBytes, mailboxBytes })) {
    if (Number.isInteger(bytes) && bytes >= 0 && bytes <= MAX_BYTES) continue;
    throw new LabError(
      'input',
      `${name} is ${describeValue(bytes)}; it must be a whole number of bytes from 0 to ${MAX_BYTES}.`,
    );
  }
  if (typeof SharedArrayBuffer === 'undefined') {
    throw new LabError(
      'environment',
      'This page has no SharedArrayBuffer, which the ring needs: it must be served with the headers ' +
        'Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp.',
    );
  }
  const layout: Layout = {
    worldSize,
    slotBytes: align(Math.max(slotBytes, 4 * worldSize), 64), // an element of each chunk
    arenaBytes: align(arenaBytes, 64),
    mailboxBytes: align(Math.max(mailboxBytes, 1), 64),
  };
  const memory = allocate(offsets(layout).end);
  const words = new Int32Array(memory.buffer);
  words[HEADER.worldSize] = worldSize;
  words[HEADER.slotBytes] = layout.slotBytes;
  words[HEADER.arenaBytes] = layout.arenaBytes;
  words[HEADER.mailboxBytes] = layout.mailboxBytes;
  words[HEADER.cores] = options.cores ?? 1;
  return memory;
}

function allocate(bytes: number): WebAssembly.Memory {
  const pages = Math.ceil(bytes / PAGE_BYTES);
  const size = `${Math.ceil((pages * PAGE_BYTES) / 2 ** 20).toLocaleString('en')} MiB`;
  if (pages * PAGE_BYTES > MAX_BYTES) {
    throw new LabError(
      'input',
      `The group would need ${size}, and a shared memory has at most 4,096 MiB. Use fewer ranks or smaller arenas.`,
    );
  }
  try {
    return sharedMemory(bytes);
  } catch (cause) {
    throw new LabError(
      'memory',
      `The browser refused ${size} of shared memory. Close other tabs, or use fewer ranks or smaller sizes.`,
      { cause },
    );
  }
}

/** The group memory as a rank, or the page, sees it. Index methods return positions in `words`. */
export class GroupMemory {
  readonly memory: WebAssembly.Memory;
  readonly words: Int32Array;
  readonly worldSize: number;
  readonly cores: number;
  /** float32 elements in one slot of a window, and in a letter. */
  readonly slotLength: number;
  readonly letterLength: number;
  readonly #layout: Layout;
  readonly #offsets: ReturnType<typeof offsets>;

  constructor(memory: WebAssembly.Memory) {
    const { buffer } = memory;
    if (!(buffer instanceof SharedArrayBuffer))
      throw new LabError('input', 'The group memory must be shared.');
    this.memory = memory;
    this.words = new Int32Array(buffer);
    const word = (index: number): number => (this.words[index] ?? 0) >>> 0;
    this.#layout = {
      worldSize: word(HEADER.worldSize),
      slotBytes: word(HEADER.slotBytes),
      arenaBytes: word(HEADER.arenaBytes),
      mailboxBytes: word(HEADER.mailboxBytes),
    };
    this.#offsets = offsets(this.#layout);
    this.worldSize = this.#layout.worldSize;
    this.cores = word(HEADER.cores);
    this.slotLength = this.#layout.slotBytes / 4;
    this.letterLength = this.#layout.mailboxBytes / 4;
  }

  controlIndex(rank: number, word: number): number {
    return this.#offsets.control / 4 + rank * CONTROL_WORDS + word;
  }

  mailboxIndex(from: number, to: number, word: number): number {
    return this.#offsets.mailboxControl / 4 + (from * this.worldSize + to) * MAILBOX_WORDS + word;
  }

  /** The payload of the mailbox from one rank to another. */
  letter(from: number, to: number): Float32Array {
    const start = this.#offsets.mailboxes + (from * this.worldSize + to) * this.#layout.mailboxBytes;
    return this.floats(start, this.letterLength);
  }

  /** What a rank has for its collectives: its window, and a workplace. */
  get windowBytes(): number {
    return (SLOTS + 1) * this.#layout.slotBytes;
  }

  /** Byte offset of a slot of a rank's window. */
  slotOffset(rank: number, slot: number): number {
    return this.#offsets.windows + (rank * SLOTS + slot) * this.#layout.slotBytes;
  }

  /** A slot that nobody reads but its rank, for what lies elsewhere and is to be worked on by a kernel. */
  workplace(rank: number): Float32Array {
    return this.floats(this.#offsets.workplaces + rank * this.#layout.slotBytes, this.slotLength);
  }

  /** Byte offset and length of a rank's arena. */
  arena(rank: number): { offset: number; bytes: number } {
    const bytes = this.#layout.arenaBytes;
    return { offset: this.#offsets.arenas + rank * bytes, bytes };
  }

  /** Anywhere in the memory as it is now: another rank may have let it grow. */
  floats(byteOffset: number, length: number): Float32Array {
    return floatsIn(this.memory, byteOffset, length);
  }
}

/** Tickets that each rank has completed and letters it has posted: a sign of life for whoever watches from outside. */
export function progressOf(group: GroupMemory): number[] {
  const { words, worldSize } = group;
  const ranks = Array.from({ length: worldSize }, (_, rank) => rank);
  return ranks.map((rank) => {
    const tickets = Atomics.load(words, group.controlIndex(rank, CONTROL.tickets));
    return ranks.reduce(
      (sum, to) => sum + Atomics.load(words, group.mailboxIndex(rank, to, MAILBOX.sent)),
      tickets,
    );
  });
}

export function attachGroup(memory: WebAssembly.Memory): GroupMemory {
  return new GroupMemory(memory);
}
