/** What is known of a random time: its mean and its variance, in seconds and their square. */
export interface Moments {
  readonly mean: number;
  readonly variance: number;
}

/** The time that passes when one follows the other and neither knows of the other. */
export function sumOf(times: readonly Moments[]): Moments {
  const sum = (of: (time: Moments) => number) => times.reduce((total, time) => total + of(time), 0);
  return { mean: sum(({ mean }) => mean), variance: sum(({ variance }) => variance) };
}

/** Of a service time: `variability` is the squared coefficient of variation, variance / mean². 0 is constant, 1 exponential. */
export const serviceTime = (mean: number, variability: number): Moments => ({
  mean,
  variance: variability * mean * mean,
});
