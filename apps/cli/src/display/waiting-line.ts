import type { PendingNotice, UpdateNotice } from '@expacti/sdk';
import { type CliContext, note } from '../context.js';
import { requirementText } from './requirement-text.js';
import { timeLeft } from './time-left.js';

const CLEAR_LINE = '\r\u001b[2K';

/**
 * Shows on a terminal who is asked and how long is left, renewed each second; elsewhere one line when it begins and one at
 * each change. Server text is escaped.
 */
export class WaitingLine {
  private readonly context: CliContext;
  private timer: NodeJS.Timeout | undefined;
  private current: PendingNotice | undefined;
  private drawn = false;

  constructor(context: CliContext) {
    this.context = context;
  }

  /** @returns Once it is shown. Loading what escapes takes a moment, and a decision may come before. */
  async pending(notice: PendingNotice): Promise<void> {
    this.current = notice;
    const { prose } = await import('./prose.js');
    if (this.current === undefined) return;
    const { risk, reviewUrl } = notice;
    const reasons = risk.reasons.length > 0 ? `: ${risk.reasons.join('; ')}` : '';
    note(this.context, prose(`Held for review, ${risk.level} risk${reasons}`));
    note(this.context, prose(`Review it at ${reviewUrl}`));
    this.draw(prose);
    if (this.context.interactive) this.timer = setInterval(() => this.draw(prose), 1_000);
  }

  async updated(notice: UpdateNotice): Promise<void> {
    if (this.current === undefined) return;
    this.current = { ...this.current, ...notice };
    const { prose } = await import('./prose.js');
    this.draw(prose);
  }

  /** Takes the line away again. */
  done(): void {
    clearInterval(this.timer);
    this.current = undefined;
    if (this.drawn && this.context.interactive) this.context.error.write(CLEAR_LINE);
    this.drawn = false;
  }

  private draw(prose: (text: string) => string): void {
    if (this.current === undefined) return;
    const { requirement, deadlineAt } = this.current;
    const left = timeLeft(deadlineAt, this.context.now());
    const text = prose(`Waiting for ${requirementText(requirement)}, ${left} left`);
    if (this.context.interactive) this.context.error.write(`${CLEAR_LINE}${text} (Ctrl-C withdraws) `);
    else note(this.context, text);
    this.drawn = true;
  }
}
