/** What the smoke tests ask of a browser, whatever protocol it speaks. */

/** A key by its name in KeyboardEvent.key. */
export type Key = 'Tab' | 'Enter' | 'Escape' | 'ArrowLeft' | 'ArrowRight' | 'Home' | 'End' | '?';

export interface Driver {
  /** Loads the address anew, also where only its hash differs from the present one. */
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  /** The value of an expression in the page, as JSON has it. */
  evaluate(expression: string): Promise<unknown>;
  /** Presses and releases a key, wherever the focus is. */
  press(key: Key): Promise<void>;
  close(): Promise<void>;
}

/** Why a browser cannot be tried here, in a sentence for the report. */
export interface Missing {
  readonly missing: string;
}

export interface Browser {
  readonly name: string;
  /** What the ranks compute on where nobody chooses. */
  readonly device: 'webgpu' | 'cpu';
  /** @param site where the page is served */
  open(site: string): Promise<Driver | Missing>;
}
