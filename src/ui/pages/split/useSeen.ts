/** Whether an element has ever come near to what is on the screen, once the page around it has its size. */

import { type RefObject, useEffect, useRef, useState } from 'react';

export function useSeen<T extends HTMLElement>(ready: boolean): { ref: RefObject<T | null>; seen: boolean } {
  const ref = useRef<T>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (element === null || seen || !ready) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) setSeen(true);
      },
      { rootMargin: '200px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [seen, ready]);
  return { ref, seen };
}
