import type { SimulatedStation } from './network.js';

/** A visit to a station: how long it will be served, and what is to happen then. */
export interface Visit {
  readonly seconds: number;
  readonly leave: (at: number) => void;
}

/** Calls back at a later moment of the simulated time. */
export type Later = (at: number, callback: (at: number) => void) => void;

/** A station at work: first come, first served. */
export class Line {
  readonly #waiting: Visit[] = [];
  #head = 0;
  #busy = 0;
  #busySeconds = 0;
  #since = 0;

  constructor(
    private readonly station: SimulatedStation,
    private readonly later: Later,
  ) {}

  enter(at: number, visit: Visit): void {
    if (this.station.kind === 'delay') {
      this.later(at + visit.seconds, visit.leave);
      return;
    }
    this.#waiting.push(visit);
    this.#serve(at);
  }

  /** Server-seconds of work until `at`. */
  busySecondsUntil(at: number): number {
    this.#count(at);
    return this.#busySeconds;
  }

  #serve(at: number): void {
    const { station } = this;
    if (station.kind === 'in_groups') this.#serveGroup(at, station.groupSeconds);
    else if (station.kind === 'one_by_one') this.#serveFreely(at, station.servers);
  }

  #serveFreely(at: number, servers: number): void {
    while (this.#busy < servers) {
      const visit = this.#takeFirst();
      if (!visit) return;
      this.#work(at, visit.seconds, [visit]);
    }
  }

  #serveGroup(at: number, groupSeconds: number): void {
    if (this.#busy > 0) return;
    const group: Visit[] = [];
    for (let visit = this.#takeFirst(); visit; visit = this.#takeFirst()) group.push(visit);
    if (group.length === 0) return;
    this.#work(
      at,
      group.reduce((sum, { seconds }) => sum + seconds, groupSeconds),
      group,
    );
  }

  #work(at: number, seconds: number, visits: readonly Visit[]): void {
    this.#count(at);
    this.#busy += 1;
    this.later(at + seconds, (end) => {
      this.#count(end);
      this.#busy -= 1;
      for (const { leave } of visits) leave(end);
      this.#serve(end);
    });
  }

  /** Arrays shift in linear time; this one forgets its beginning now and then. */
  #takeFirst(): Visit | undefined {
    const visit = this.#waiting[this.#head];
    if (!visit) return undefined;
    this.#head += 1;
    if (this.#head > 1_024 && this.#head * 2 > this.#waiting.length) {
      this.#waiting.splice(0, this.#head);
      this.#head = 0;
    }
    return visit;
  }

  #count(at: number): void {
    this.#busySeconds += this.#busy * (at - this.#since);
    this.#since = at;
  }
}
