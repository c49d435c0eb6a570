import { escapeText } from '@expacti/shell';
import type { Approval } from '../api/types.js';
import { preferences } from '../settings/preferences.js';
import { announce } from '../ui/announcer.js';
import { RISK_RANK } from './queue-order.js';
import { rowView } from './row-view.js';

/** Tells of requests that just came in: to a screen reader always, by sound and notification when the person asked for it. */
export function alertAbout(fresh: Approval[]): void {
  if (fresh.length === 0) return;
  announce(announcementOf(fresh));
  const { sound, notifications } = preferences.get();
  if (sound) playTone(Math.max(...fresh.map(({ risk }) => RISK_RANK[risk.level])));
  if (notifications) showNotification(fresh);
}

/** One sentence for any number of new requests. Hostile text is escaped: it may not speak for us. */
export function announcementOf(fresh: Approval[]): string {
  const [first] = fresh;
  if (!first) return '';
  if (fresh.length > 1) return `${fresh.length} new requests`;
  const { headline, agent, target } = rowView(first);
  return `New request, ${first.risk.level} risk: ${escapeText(headline)}, from ${escapeText(agent)}${target ? ` on ${escapeText(target)}` : ''}`;
}

let audio: AudioContext | undefined;

/** A short tone; two for high risk, three for critical, so that the ear knows too. */
export function playTone(rank: number): void {
  try {
    audio ??= new AudioContext();
    const context = audio;
    const count = Math.max(1, rank);
    for (let index = 0; index < count; index += 1) {
      const start = context.currentTime + index * 0.16;
      const oscillator = context.createOscillator();
      const volume = context.createGain();
      oscillator.frequency.value = rank >= 2 ? 880 : 660;
      volume.gain.setValueAtTime(0, start);
      volume.gain.linearRampToValueAtTime(0.12, start + 0.01);
      volume.gain.exponentialRampToValueAtTime(0.001, start + 0.12);
      oscillator.connect(volume).connect(context.destination);
      oscillator.start(start);
      oscillator.stop(start + 0.13);
    }
  } catch {
    // No audio device, or the browser wants a click first: the queue shows it anyway.
  }
}

function showNotification(fresh: Approval[]): void {
  if (!('Notification' in window) || Notification.permission !== 'granted' || document.visibilityState === 'visible')
    return;
  const [first] = fresh;
  try {
    // The body of a notification may be on a locked screen: it says that something waits, not what.
    const text =
      fresh.length > 1
        ? `${fresh.length} requests wait`
        : `${first?.risk.level} risk, from ${escapeText(first?.agent.name ?? '')}`;
    const shown = new Notification('expacti', { body: text, tag: 'expacti-queue' });
    shown.onclick = () => {
      window.focus();
      shown.close();
    };
  } catch {
    // Some phones allow notifications from service workers alone.
  }
}
