/** A place where requests wait and are served. */
export type SimulatedStation =
  | { readonly kind: 'one_by_one'; readonly servers: number }
  /** Takes all that waits, works on each, then once `groupSeconds`, and lets all of them go on together. */
  | { readonly kind: 'in_groups'; readonly groupSeconds: number }
  /** Nobody waits for anybody: wires, timers. */
  | { readonly kind: 'delay' };

/** One stop of a request's way. */
export interface Stop {
  readonly station: string;
  /** Mean service, in seconds. */
  readonly seconds: number;
  /** Squared coefficient of variation. Default 1. */
  readonly variability?: number;
}

/** Requests of one kind and where they come from. */
export interface RequestClass {
  readonly name: string;
  readonly source:
    | { readonly kind: 'open'; readonly perSecond: number; readonly variability?: number }
    /** So many clients, each of which thinks (exponentially) after each answer. */
    | { readonly kind: 'closed'; readonly clients: number; readonly thinkSeconds: number };
  readonly way: readonly Stop[];
}

export interface Simulation {
  readonly stations: Readonly<Record<string, SimulatedStation>>;
  readonly classes: readonly RequestClass[];
  /** How long to watch, and how long to let it run before. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly seed: number;
}

export interface SimulatedClass {
  /** Since the very beginning, so that nothing can hide: arrived = answered + under way. */
  readonly arrived: number;
  readonly answered: number;
  readonly underWay: number;
  /** Mean number under way while it was watched. */
  readonly meanUnderWay: number;
  /** Answers per second while it was watched. */
  readonly perSecond: number;
  /** Seconds from arrival to answer, of those answered while it was watched. */
  readonly responses: readonly number[];
}

export interface SimulatedNetwork {
  readonly classes: Readonly<Record<string, SimulatedClass>>;
  /** The share of the watched time in which each server of a station was busy. */
  readonly utilization: Readonly<Record<string, number>>;
}
