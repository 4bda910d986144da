import { HOME } from '../url/hash.ts';
import { Notice } from './Notice.tsx';
import { PageLink } from './PageLink.tsx';

export function NotFound({ page }: { readonly page: string }) {
  return (
    <Notice title="There is no such page" tone="problem">
      <p>
        The link asks for “{page}”, which Ringside does not have. <PageLink page={HOME}>Go to Split</PageLink>
        , where a matrix product runs on several ranks.
      </p>
    </Notice>
  );
}
