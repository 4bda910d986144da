import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { expect, it, vi } from 'vitest';
import { Failure } from './Failure.tsx';

it('an interruption is nobody’s fault, and is run again at a click', () => {
  const root = document.createElement('div');
  const mounted = createRoot(root);
  const onRetry = vi.fn();
  const shown = (code: 'interrupted' | 'device') => {
    const failure = { code, message: 'It stood still' };
    flushSync(() => mounted.render(<Failure failure={failure} hasRun onCpu={null} onRetry={onRetry} />));
    const alert = root.querySelector<HTMLElement>('[role=alert]');
    return { text: alert?.querySelector('p')?.textContent, isFault: alert?.dataset['stopped'] === undefined };
  };
  const rest = 'It stood still. The page still shows the last run.';
  expect(shown('device')).toEqual({ text: `A device failed. ${rest}`, isFault: true });
  expect(shown('interrupted')).toEqual({ text: `The run was interrupted. ${rest}`, isFault: false });
  const [again, ...others] = root.querySelectorAll('button');
  expect([again?.textContent, others]).toEqual(['Try again', []]);
  again?.click();
  expect(onRetry).toHaveBeenCalledOnce();
  mounted.unmount();
});
