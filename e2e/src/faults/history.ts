import type { Answer, Asked, RequestCall } from './request-register.js';

/** A call that is under way. Until it is told otherwise, its answer is unknown. */
export interface OpenCall {
  /** The answer came now. */
  answered(answer: Answer): void;
  /** It is certain that it had no effect: it was refused before it could, or it was never sent. */
  hadNoEffect(): void;
}

/** Every call of every client of one test process, by request, on that process's own clock. */
export class History {
  readonly #calls = new Map<string, RequestCall[]>();

  /** Notes a call before it is sent: one that is only noted afterwards may have been the one that did the harm. */
  begin(request: string, by: string, asked: Asked): OpenCall {
    const call: { -readonly [K in keyof RequestCall]: RequestCall[K] } = {
      by,
      asked,
      invokedAt: performance.now(),
      answered: null,
    };
    const calls = this.#of(request);
    calls.push(call);
    return {
      answered: (answer) => {
        call.answered ??= { at: performance.now(), answer };
      },
      hadNoEffect: () => {
        const index = calls.indexOf(call);
        if (index >= 0 && call.answered === null) calls.splice(index, 1);
      },
    };
  }

  /** A deadline of the request passes at that moment or later; `performance.now()` is the clock. */
  lapsesAfter(request: string, moment: number): void {
    const lapse: RequestCall = { by: 'deadline', asked: { kind: 'lapse' }, invokedAt: moment, answered: null };
    this.#of(request).push(lapse);
  }

  callsOf(request: string): readonly RequestCall[] {
    return this.#calls.get(request) ?? [];
  }

  get size(): number {
    let size = 0;
    for (const calls of this.#calls.values()) size += calls.length;
    return size;
  }

  #of(request: string): RequestCall[] {
    const known = this.#calls.get(request);
    if (known) return known;
    const calls: RequestCall[] = [];
    this.#calls.set(request, calls);
    return calls;
  }
}
