import { useEffect } from 'react';

/** Names the tab after the view: screen readers read it first, and many open tabs stay apart. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · expacti`;
  }, [title]);
}
