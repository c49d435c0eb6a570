import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { useEffect } from 'react';
import { IconButton } from './button.js';
import { createStore, useStore } from './store.js';

interface Notice {
  id: number;
  tone: 'good' | 'bad';
  text: string;
  link?: { label: string; onSelect: () => void };
}

const SHOWN_MS = 5_000;
const notices = createStore<Notice[]>([]);
let nextId = 1;

/** Says in one line what just happened. Bad news stays until it is put away. */
export function notify(tone: Notice['tone'], text: string, link?: Notice['link']): void {
  const id = nextId;
  nextId += 1;
  // One piece of good news at a time: whoever decides quickly reads only the last.
  notices.set((current) => [
    ...current.filter((notice) => notice.tone === 'bad').slice(-2),
    { id, tone, text, ...(link ? { link } : {}) },
  ]);
}

function dismiss(id: number): void {
  notices.set((current) => current.filter((notice) => notice.id !== id));
}

export function Notices() {
  const current = useStore(notices);
  return (
    <section
      aria-label="Messages"
      className="fixed z-50 inset-x-4 top-24 lg:inset-x-auto lg:top-auto lg:left-4 lg:bottom-14 lg:w-96 pointer-events-none"
    >
      <div aria-live="polite" className="grid grid-cols-1 gap-2">
        {current.map((notice) => (
          <NoticeLine key={notice.id} notice={notice} />
        ))}
      </div>
    </section>
  );
}

function NoticeLine({ notice }: { notice: Notice }) {
  useEffect(() => {
    if (notice.tone === 'bad') return;
    const timer = setTimeout(() => dismiss(notice.id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [notice]);
  const { link } = notice;
  return (
    <div className="pointer-events-auto flex items-center gap-2 pl-3 pr-1 py-1 rounded-panel border border-line bg-raised shadow-float">
      {notice.tone === 'good' ? (
        <CircleCheck size={16} aria-hidden="true" className="text-low shrink-0" />
      ) : (
        <CircleAlert size={16} aria-hidden="true" className="text-critical shrink-0" />
      )}
      <p className="flex-1 min-w-0 wrap-anywhere">{notice.text}</p>
      {link && (
        <button type="button" className="px-2 h-8 text-accent font-medium" onClick={link.onSelect}>
          {link.label}
        </button>
      )}
      <IconButton label="Put away" onClick={() => dismiss(notice.id)}>
        <X size={14} aria-hidden="true" />
      </IconButton>
    </div>
  );
}
