// Ctrl-C at a command line whose result took a while: the first asks for an end, another takes it.

/** What a shell reports of a program that Ctrl-C has ended. */
export const INTERRUPTED = 130;
/** npm hands on a Ctrl-C that the terminal has sent to all: within this time two are one. */
const SAME_MS = 1000;

/** Watches until it is stopped. */
export function watchInterrupts() {
  const controller = new AbortController();
  let firstMs = 0;
  const onInterrupt = () => {
    const nowMs = performance.now();
    if (!controller.signal.aborted) {
      firstMs = nowMs;
      controller.abort();
    } else if (nowMs - firstMs > SAME_MS) {
      process.exit(INTERRUPTED);
    }
  };
  process.on('SIGINT', onInterrupt);
  return { signal: controller.signal, stop: () => process.off('SIGINT', onInterrupt) };
}
