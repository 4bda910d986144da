import { useEffect, useState } from 'react';
import css from './fields.module.css';

interface CopyButtonProps {
  readonly label: string;
  /** Read when the button is pressed. */
  readonly text: () => string;
}

/** Copies text and says whether it did. */
export function CopyButton({ label, text }: CopyButtonProps) {
  const [result, setResult] = useState<'copied' | 'failed' | null>(null);
  useEffect(() => {
    if (result === null) return;
    const timer = setTimeout(() => setResult(null), 1800);
    return () => clearTimeout(timer);
  }, [result]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text()); // over plain http there is no clipboard to ask
      setResult('copied');
    } catch {
      setResult('failed');
    }
  };
  const said = result === null ? '' : result === 'copied' ? 'Copied' : 'Not allowed';
  return (
    <button type="button" className={`ghost ${css['copy-button']}`} onClick={copy}>
      {/* Both texts lie in one grid cell, so that the button keeps its width. */}
      <span className={said === '' ? undefined : css['hidden']}>{label}</span>
      <span aria-live="polite">{said}</span>
    </button>
  );
}
