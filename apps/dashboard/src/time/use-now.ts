import { useSyncExternalStore } from 'react';
import { serverNow } from './server-clock.js';

/** One timer for every ring and every "3 min ago" on the page, stopped while nobody watches. */
function ticker(intervalMs: number) {
  let now = serverNow();
  let timer: ReturnType<typeof setInterval> | undefined;
  const listeners = new Set<() => void>();
  const tick = () => {
    now = serverNow();
    for (const listener of [...listeners]) listener();
  };
  return {
    subscribe(listener: () => void) {
      listeners.add(listener);
      if (timer === undefined) {
        now = serverNow();
        timer = setInterval(tick, intervalMs);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
    read() {
      if (timer === undefined) now = Math.max(now, Math.floor(serverNow() / intervalMs) * intervalMs);
      return now;
    },
  };
}

const everySecond = ticker(1_000);
const everyHalfMinute = ticker(30_000);

/** Epoch milliseconds on the server's clock, renewed each second. */
export function useSeconds(): number {
  return useSyncExternalStore(everySecond.subscribe, everySecond.read);
}

/** As `useSeconds`, renewed twice a minute: for "3 min ago". */
export function useMinutes(): number {
  return useSyncExternalStore(everyHalfMinute.subscribe, everyHalfMinute.read);
}
