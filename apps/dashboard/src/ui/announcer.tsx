import { createStore, useStore } from './store.js';

interface Announcement {
  text: string;
  /** Odd and even take turns, so that the same words twice are spoken twice. */
  turn: number;
}

const polite = createStore<Announcement>({ text: '', turn: 0 });
const assertive = createStore<Announcement>({ text: '', turn: 0 });

/** Speaks through a screen reader. `assertive` interrupts: only for a deadline that is about to pass. */
export function announce(text: string, manner: 'polite' | 'assertive' = 'polite'): void {
  const region = manner === 'polite' ? polite : assertive;
  region.set((current) => ({ text, turn: current.turn + 1 }));
}

export function Announcer() {
  const quiet = useStore(polite);
  const urgent = useStore(assertive);
  return (
    <>
      <Region announcement={quiet} live="polite" />
      <Region announcement={urgent} live="assertive" />
    </>
  );
}

function Region({ announcement, live }: { announcement: Announcement; live: 'polite' | 'assertive' }) {
  return (
    <div aria-live={live} aria-atomic="true" className="sr-only">
      <span key={announcement.turn}>{announcement.text}</span>
    </div>
  );
}
