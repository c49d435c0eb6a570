import { EVENTS } from '@expacti/contracts';
import type { Bus, BusEvent, Subscription } from '@expacti/messaging';
import { BUS, parseFact } from '@expacti/platform';
import { Inject, Injectable } from '@nestjs/common';
import { ReviewerSocketServer } from './reviewer-socket-server.js';
import { cursorAt } from './stream-cursor.js';

type Area = 'rules' | 'targets' | 'agents' | 'org' | 'users';

/** Which lists of the dashboard an event makes stale, by the first part of its type. */
const AREAS: Record<string, Area> = {
  rule: 'rules',
  rules: 'rules',
  suggestion: 'rules',
  target: 'targets',
  target_group: 'targets',
  agent: 'agents',
  token: 'agents',
  org: 'org',
  user: 'users',
};

/**
 * Carries what happened anywhere to the reviewers who watch. One gateway of the installation takes each event and emits it
 * to the sockets of all; an event that it could not hand on is taken again, by another one if need be.
 */
@Injectable()
export class ReviewerFeed {
  #subscription: Subscription | undefined;

  constructor(
    @Inject(BUS) private readonly bus: Bus,
    @Inject(ReviewerSocketServer) private readonly reviewers: ReviewerSocketServer,
  ) {}

  async start(): Promise<void> {
    const types = Object.keys(EVENTS).filter((type) => !type.startsWith('command.'));
    const handler = (event: BusEvent) => this.#deliver(event);
    this.#subscription = await this.bus.subscribe({ group: 'reviewers', types, handler, from: 'now' });
  }

  async stop(): Promise<void> {
    await this.#subscription?.close();
  }

  async #deliver(event: BusEvent): Promise<void> {
    const cursor = cursorAt(Date.parse(event.at));
    switch (event.type) {
      case 'approval.requested': {
        const { approval } = parseFact<'approval.requested'>(event).payload.data;
        return this.reviewers.publish(event.org, 'approval.requested', { approval, cursor });
      }
      case 'approval.updated': {
        const { approval } = parseFact<'approval.updated'>(event).payload.data;
        return this.reviewers.publish(event.org, 'approval.updated', { approval, cursor });
      }
      case 'approval.closed': {
        const { approval } = parseFact<'approval.closed'>(event).payload.data;
        return this.reviewers.publish(event.org, 'approval.closed', { approval, cursor });
      }
      case 'session.started': {
        const { session } = parseFact<'session.started'>(event).payload.data;
        return this.reviewers.publish(event.org, 'session.started', { session });
      }
      case 'session.ended': {
        const { session_id } = parseFact<'session.ended'>(event).payload.data;
        return this.reviewers.publish(event.org, 'session.ended', { session_id });
      }
      default: {
        const area = AREAS[event.type.split('.')[0] ?? ''];
        if (area) await this.reviewers.publish(event.org, 'changed', { area });
      }
    }
  }
}
