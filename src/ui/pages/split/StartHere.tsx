import { useState } from 'react';
import { readProgress } from '#lab/story/progress.ts';
import { PageLink } from '../../shell/PageLink.tsx';

/** The page that opens first is no beginning: until a chapter of the story is answered, it says where one is. */
export function StartHere() {
  const [begun] = useState(() => Object.keys(readProgress(() => localStorage)).length > 0);
  if (begun) return null;
  return (
    <>
      {' '}
      New to this? <PageLink page="story">Start with the story</PageLink>, nine questions that the ranks
      answer.
    </>
  );
}
