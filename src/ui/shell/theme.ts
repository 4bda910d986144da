/** Light or dark: `data-theme` on <html> says which. index.html sets it before the first paint. */

const KEY = 'ringside-theme';

export type Theme = 'light' | 'dark';

export function currentTheme(): Theme {
  return document.documentElement.dataset['theme'] === 'dark' ? 'dark' : 'light';
}

export function chooseTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Storage is blocked: the choice lasts as long as the page.
  }
}

/** Follows the system until the visitor has chosen. */
export function followSystemTheme(): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', ({ matches }) => {
    let chosen: string | null = null;
    try {
      chosen = localStorage.getItem(KEY);
    } catch {
      // Storage is blocked: there is no choice to respect.
    }
    if (chosen === null) document.documentElement.dataset['theme'] = matches ? 'dark' : 'light';
  });
}
