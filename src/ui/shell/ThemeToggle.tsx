import { useSyncExternalStore } from 'react';
import { chooseTheme, currentTheme } from './theme.ts';

export function ThemeToggle() {
  const theme = useSyncExternalStore(onThemeChange, currentTheme);
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <button
      type="button"
      className="ghost"
      onClick={() => chooseTheme(other)}
      aria-label={`Use the ${other} theme`}
    >
      <span aria-hidden="true">◐</span>
      <span className="theme-name">{other === 'dark' ? 'Dark' : 'Light'}</span>
    </button>
  );
}

function onThemeChange(onChange: () => void): () => void {
  const observer = new MutationObserver(onChange);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}
