import { Outlet, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { openStream } from '../api/live.js';
import { GO_KEYS, isGoKey } from '../keyboard/key-action.js';
import { isTyping, useKeys } from '../keyboard/use-keys.js';
import { useMe } from '../session/session.js';
import { preferences } from '../settings/preferences.js';
import { useStore } from '../ui/store.js';
import { StaleBanner } from './connection-state.js';
import { liveListener } from './live-listener.js';
import { NOTHING_OPEN } from './navigation.js';
import { overlay } from './overlay.js';
import { BottomBar, Rail } from './rail.js';
import { TopBar } from './top-bar.js';
import { WeaknessBanner } from './weakness-banner.js';

const Palette = lazy(() => import('./palette.js'));
const Help = lazy(() => import('./help.js'));

/** What surrounds every page of a signed-in person. */
export function Frame() {
  const me = useMe();
  const open = useStore(overlay);
  useStream();
  useGoKeys();
  useKeys({
    palette: () => overlay.set((current) => (current === 'palette' ? null : 'palette')),
    help: () => overlay.set('help'),
  });
  return (
    <div className="h-dvh flex flex-col">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:px-3 focus:py-2 focus:bg-raised focus:rounded-control"
      >
        Skip to the content
      </a>
      {me.org.eval && (
        <section
          aria-label="About this installation"
          className="shrink-0 px-4 py-1 text-small bg-medium-soft text-medium"
        >
          <strong>Evaluation mode</strong>, not for production.{' '}
          <span className="max-sm:hidden">Known demo tokens open it, so it listens on this computer only.</span>
        </section>
      )}
      <WeaknessBanner weaknesses={me.weaknesses} />
      <TopBar />
      <StaleBanner />
      <div className="flex flex-1 min-h-0">
        <Rail />
        <main id="main" tabIndex={-1} className="flex-1 min-w-0 min-h-0 outline-none">
          <Outlet />
        </main>
      </div>
      <BottomBar />
      <Suspense fallback={null}>
        {open === 'palette' && <Palette />}
        {open === 'help' && <Help />}
      </Suspense>
    </div>
  );
}

function useStream(): void {
  const { id } = useMe().user;
  // One stream for one person: somebody else signing in opens another.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => openStream(liveListener()), [id]);
}

const GO_WITHIN_MS = 1_000;

/** `g` then a letter goes to a page. */
function useGoKeys(): void {
  const navigate = useNavigate();
  const pressedAt = useRef(0);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!preferences.get().letterKeys || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
        return;
      const recently = event.timeStamp - pressedAt.current < GO_WITHIN_MS;
      pressedAt.current = event.key === 'g' ? event.timeStamp : 0;
      if (!recently || !isGoKey(event.key)) return;
      // The letter may be a key of its own on this page: going somewhere outranks it.
      event.preventDefault();
      event.stopImmediatePropagation();
      const to = GO_KEYS[event.key];
      void navigate({ to: to === '/queue' ? '/queue/{-$approvalId}' : to, params: NOTHING_OPEN });
    };
    window.addEventListener('keydown', listen, { capture: true });
    return () => window.removeEventListener('keydown', listen, { capture: true });
  }, [navigate]);
}
