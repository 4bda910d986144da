import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import './tokens.css';
import './base.css';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { invariant } from '../base/errors.ts';
import { App } from './App.tsx';
import { followSystemTheme } from './shell/theme.ts';

followSystemTheme();

const root = document.getElementById('root');
invariant(root !== null, () => 'index.html has an element with the id root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
