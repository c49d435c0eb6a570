import { ExpactiError, ROUTES, type RouteName } from '@expacti/contracts';
import { Sealer, sha256Hex } from '@expacti/crypto';
import { type Database, isUniqueViolation } from '@expacti/persistence';
import { CLOCK, type Clock, DATABASE, MASTER_KEY } from '@expacti/platform';
import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Response } from 'express';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { LessThan } from 'typeorm';
import { IdempotentResponseRow } from '../storage/idempotent-response-row.js';
import type { IdentifiedRequest } from './route-input.js';
import { SERVED_ROUTE } from './serves.js';

const KEPT_MS = 86_400_000;
const MAX_KEY_LENGTH = 200;

/**
 * A write with an `Idempotency-Key` happens once: its repetition gets the first answer. Submissions have keys of their
 * own, kept with the command. A first request that never finished is not run again: what it did is unknown. Only one that
 * was refused for certain leaves its key free.
 */
@Injectable()
export class IdempotentWrites implements NestInterceptor {
  readonly #sealer: Sealer;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(MASTER_KEY) masterKey: Buffer,
  ) {
    this.#sealer = new Sealer([masterKey.toString('base64url')]);
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<IdentifiedRequest>();
    const name = Reflect.getMetadata(SERVED_ROUTE, context.getHandler()) as RouteName | undefined;
    const key = request.headers['idempotency-key'];
    const isWrite = name !== undefined && name !== 'submitCommand' && ROUTES[name].method !== 'GET';
    if (!isWrite || key === undefined || !request.principal) return next.handle();
    if (typeof key !== 'string' || key.length === 0 || key.length > MAX_KEY_LENGTH)
      throw new ExpactiError('INVALID', `Idempotency-Key: must have 1 to ${MAX_KEY_LENGTH} characters`);
    const { kind, id: caller } = request.principal;
    const id = sha256Hex(JSON.stringify([kind, caller, key]));
    const fingerprint = sha256Hex(JSON.stringify([request.method, request.path, request.body ?? null]));
    return from(this.#once(id, fingerprint, context.switchToHttp().getResponse<Response>(), next));
  }

  async #once(id: string, fingerprint: string, response: Response, next: CallHandler): Promise<unknown> {
    const earlier = await this.#claim(id, fingerprint);
    if (earlier) return this.#repeat(earlier, fingerprint, response);
    let answer: unknown;
    try {
      answer = await lastValueFrom(next.handle(), { defaultValue: undefined });
    } catch (error) {
      if (isRefusal(error)) await this.database.transaction((manager) => manager.delete(IdempotentResponseRow, { id }));
      throw error;
    }
    const sealedBody = this.#sealer.seal(JSON.stringify(answer ?? null), `gateway_idempotent_responses:${id}`);
    await this.database.transaction((manager) =>
      manager.update(IdempotentResponseRow, { id }, { status: response.statusCode, sealedBody }),
    );
    return answer;
  }

  /** Takes the key, or returns what its first use left. */
  async #claim(id: string, fingerprint: string): Promise<IdempotentResponseRow | null> {
    const createdAt = this.clock.now();
    const row = { id, fingerprint, status: null, sealedBody: null, createdAt };
    try {
      await this.database.transaction(async (manager) => {
        await manager.delete(IdempotentResponseRow, { createdAt: LessThan(createdAt - KEPT_MS) });
        await manager.insert(IdempotentResponseRow, row);
      });
      return null;
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      const earlier = await this.database.read((manager) => manager.findOneBy(IdempotentResponseRow, { id }));
      // Gone again: the first request has failed in this very moment, and the key is free for another try.
      if (!earlier) throw new ExpactiError('UNAVAILABLE');
      return earlier;
    }
  }

  #repeat(row: IdempotentResponseRow, fingerprint: string, response: Response): unknown {
    if (row.fingerprint !== fingerprint) throw new ExpactiError('IDEMPOTENCY_CLASH');
    if (row.status === null || row.sealedBody === null)
      throw new ExpactiError(
        'UNAVAILABLE',
        'The first request with this key has not finished. If it never does, look at what it changed and use a new key.',
      );
    response.status(row.status).setHeader('Idempotent-Replay', 'true');
    const answer: unknown = JSON.parse(
      this.#sealer.open(row.sealedBody, `gateway_idempotent_responses:${row.id}`).toString('utf8'),
    );
    return answer ?? undefined;
  }
}

/** Whether nothing was done. An answer that did not come in time, or is none of the catalogue's, does not say so. */
const isRefusal = (error: unknown): boolean => error instanceof ExpactiError && !error.retryable;
