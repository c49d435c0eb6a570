import { useEffect, useRef } from 'react';
import { describeFailure } from '../api/problem.js';
import { Button } from './button.js';

interface MoreButtonProps {
  query: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    isFetchNextPageError: boolean;
    error: unknown;
    fetchNextPage: () => unknown;
  };
}

/** The end of a list that goes on: reads more when it scrolls into view, and by a press. */
export function MoreButton({ query }: MoreButtonProps) {
  const marker = useRef<HTMLDivElement>(null);
  const latest = useRef(query);
  latest.current = query;
  useEffect(() => {
    if (!marker.current) return;
    const observer = new IntersectionObserver(([entry]) => {
      const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = latest.current;
      if (entry?.isIntersecting && hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage();
    });
    observer.observe(marker.current);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={marker} className="py-4 text-center text-ink-faint">
      {query.isFetchNextPageError && <p className="text-critical mb-2">{describeFailure(query.error).title}</p>}
      {query.hasNextPage && (
        <Button size="small" disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {query.isFetchingNextPage ? 'Reading more…' : 'Show more'}
        </Button>
      )}
    </div>
  );
}
