import { setTimeout as after } from 'node:timers/promises';
import { Random } from './random.js';

/**
 * `make chaos` goes on for longer and at other moments each time; a run without it is short, and the same each time.
 * CHAOS_SEED repeats a run that found something, as far as processes that race can be made to repeat it.
 */
export const CHAOS = {
  isOn: process.env.CHAOS_ROUNDS !== undefined,
  rounds: Number(process.env.CHAOS_ROUNDS ?? 1),
  seed: Number(process.env.CHAOS_SEED ?? 1),
};

/** Numbers the rounds of a suite. */
export const rounds: readonly number[] = Array.from({ length: CHAOS.rounds }, (_, round) => round + 1);

/** The choices of one round. */
export const choicesOf = (round: number): Random => new Random(CHAOS.seed * 1_000 + round);

/** Lets a fault last, or a load go on, for that long: nothing happens then that could be waited for. */
export const last = (ms: number): Promise<void> => after(ms);
