/** What a page reports and where it asks, seen from outside. */

import type { Page } from '@playwright/test';
import { watchErrors } from './page.ts';

export interface Watch {
  /** Errors and warnings; what the policy blocks is one, in workers too. */
  readonly errors: string[];
  readonly origins: ReadonlySet<string>;
  /** Documents to come are not watched. */
  end(): Promise<void>;
}

/** From now on; what the policy blocks is told from the next document on. */
export async function watch(page: Page): Promise<Watch> {
  const origins = new Set<string>();
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== 'blob:') origins.add(origin);
  });
  const script = await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
      console.error(`policy: ${violatedDirective} blocks ${blockedURI} ${sample}`);
    });
  });
  return { errors: watchErrors(page), origins, end: () => script.dispose() };
}
