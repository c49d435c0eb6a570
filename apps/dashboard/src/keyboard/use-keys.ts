import { useEffect, useRef } from 'react';
import { preferences } from '../settings/preferences.js';
import { type KeyAction, keyAction } from './key-action.js';

export type KeyHandlers = Partial<Record<KeyAction, (event: KeyboardEvent) => void>>;

/** The latest registered part of the page that knows an action gets it. */
const registered: { current: KeyHandlers }[] = [];

const TEXT_FIELDS = 'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]';
const COVERS = '[role=dialog], [role=alertdialog], [role=menu], [role=listbox]';

function listen(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const action = keyAction({
    key: event.key,
    ctrlKey: event.ctrlKey,
    metaKey: event.metaKey,
    altKey: event.altKey,
    typing: isTyping(event.target),
    covered: document.querySelector(COVERS) !== null,
    letterKeys: preferences.get().letterKeys,
  });
  if (action === null) return;
  const handler = registered.findLast((handlers) => handlers.current[action])?.current[action];
  if (!handler) return;
  event.preventDefault();
  handler(event);
}

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(TEXT_FIELDS) !== null;
}

/** Answers keys while the component is on the page. */
export function useKeys(handlers: KeyHandlers): void {
  const latest = useRef(handlers);
  latest.current = handlers;
  useEffect(() => {
    if (registered.length === 0) window.addEventListener('keydown', listen);
    registered.push(latest);
    return () => {
      registered.splice(registered.indexOf(latest), 1);
      if (registered.length === 0) window.removeEventListener('keydown', listen);
    };
  }, []);
}
