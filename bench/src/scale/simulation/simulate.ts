import { EventCalendar } from './event-calendar.js';
import { Line } from './line.js';
import type { RequestClass, SimulatedClass, SimulatedNetwork, Simulation } from './network.js';
import { RandomSource } from './random-source.js';

/** Runs the network event by event. The same simulation gives the same result everywhere. */
export function simulate({ stations, classes, seconds, warmUpSeconds, seed }: Simulation): SimulatedNetwork {
  const random = new RandomSource(seed);
  const calendar = new EventCalendar<(at: number) => void>();
  const later = (at: number, callback: (at: number) => void) => calendar.plan(at, callback);
  const lines = new Map(Object.entries(stations).map(([name, station]) => [name, new Line(station, later)]));
  const lineOf = (name: string): Line => {
    const line = lines.get(name);
    if (!line) throw new Error(`there is no station '${name}'`);
    return line;
  };
  const counts = classes.map((of) => {
    for (const { station } of of.way) lineOf(station);
    return new Count(of, warmUpSeconds);
  });
  for (const count of counts) begin(count, random, later, lineOf);
  const end = warmUpSeconds + seconds;
  const before = new Map<string, number>();
  later(warmUpSeconds, (at) => {
    for (const [name, line] of lines) before.set(name, line.busySecondsUntil(at));
  });
  for (let next = calendar.next(); next && next.at <= end; next = calendar.next()) next.event(next.at);
  const utilization = Object.entries(stations).map(([name, station]) => {
    const busy = lineOf(name).busySecondsUntil(end) - (before.get(name) ?? 0);
    return [name, busy / seconds / (station.kind === 'one_by_one' ? station.servers : 1)];
  });
  return {
    classes: Object.fromEntries(counts.map((count) => [count.of.name, count.result(end)])),
    utilization: Object.fromEntries(utilization),
  };
}

type LineOf = (name: string) => Line;
type Later = (at: number, callback: (at: number) => void) => void;

function begin(count: Count, random: RandomSource, later: Later, lineOf: LineOf): void {
  const { source, way } = count.of;
  const walk = (at: number, stop: number, whenDone: (at: number) => void): void => {
    const next = way[stop];
    if (!next) {
      whenDone(at);
      return;
    }
    const seconds = random.time(next.seconds, next.variability ?? 1);
    lineOf(next.station).enter(at, { seconds, leave: (left) => walk(left, stop + 1, whenDone) });
  };
  const request = (at: number, whenAnswered: (at: number) => void): void => {
    count.arrive(at);
    walk(at, 0, (answered) => {
      count.answer(answered, answered - at);
      whenAnswered(answered);
    });
  };
  switch (source.kind) {
    case 'open': {
      const gap = () => random.time(1 / source.perSecond, source.variability ?? 1);
      const arrive = (at: number): void => {
        later(at + gap(), arrive);
        request(at, () => undefined);
      };
      later(gap(), arrive);
      break;
    }
    case 'closed': {
      const think = (at: number): void => {
        later(at + random.time(source.thinkSeconds, 1), (next) => request(next, think));
      };
      for (let client = 0; client < source.clients; client += 1) think(0);
    }
  }
}

/** Arrivals and answers of one class. */
class Count {
  #arrived = 0;
  #answered = 0;
  #underWaySeconds = 0;
  #since: number;
  readonly #responses: number[] = [];

  constructor(
    readonly of: RequestClass,
    private readonly watchedFrom: number,
  ) {
    this.#since = watchedFrom;
  }

  arrive(at: number): void {
    this.#count(at);
    this.#arrived += 1;
  }

  answer(at: number, took: number): void {
    this.#count(at);
    this.#answered += 1;
    if (at >= this.watchedFrom) this.#responses.push(took);
  }

  result(end: number): SimulatedClass {
    this.#count(end);
    const watched = end - this.watchedFrom;
    return {
      arrived: this.#arrived,
      answered: this.#answered,
      underWay: this.#arrived - this.#answered,
      meanUnderWay: this.#underWaySeconds / watched,
      perSecond: this.#responses.length / watched,
      responses: this.#responses,
    };
  }

  #count(at: number): void {
    if (at <= this.watchedFrom) return;
    this.#underWaySeconds += (this.#arrived - this.#answered) * (at - this.#since);
    this.#since = at;
  }
}
