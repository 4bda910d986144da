import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import './tokens.css';
import './base.css';
import './shared.css';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { invariant } from '#base/errors.ts';
import { App } from './App.tsx';
import { catchDrops } from './components/drops.ts';
import { PAGES } from './shell/routes.ts';
import { followSystemTheme } from './shell/theme.ts';
import { pageIdOf } from './url/hash.ts';

// The page's code is on its way while React draws the frame around it. What goes wrong with it, the page will say.
PAGES.find(({ id }) => id === pageIdOf(location.hash))
  ?.load()
  .catch(() => {});
followSystemTheme();
catchDrops();

const root = document.getElementById('root');
invariant(root !== null, () => 'index.html has an element with the id root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
