import { randomNumbers } from '../../random-numbers.js';

/** Random times from a seed: the same on every machine. */
export class RandomSource {
  readonly #uniform: () => number;

  constructor(seed: number) {
    this.#uniform = randomNumbers(seed);
  }

  /** Above 0, at most 1. */
  uniform(): number {
    return 1 - this.#uniform();
  }

  /** @param variability variance / mean²: 0 is constant, 1 exponential, more is gamma with rare long times */
  time(mean: number, variability: number): number {
    if (variability === 0) return mean;
    if (variability === 1) return -mean * Math.log(this.uniform());
    return mean * variability * this.#gamma(1 / variability);
  }

  /** A gamma variate of scale 1, after Marsaglia and Tsang (2000); shapes below 1 by their boost. */
  #gamma(shape: number): number {
    if (shape < 1) return this.#gamma(shape + 1) * this.uniform() ** (1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const normal = this.#normal();
      const v = (1 + c * normal) ** 3;
      if (v > 0 && Math.log(this.uniform()) < normal ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v;
    }
  }

  #normal(): number {
    return Math.sqrt(-2 * Math.log(this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }
}
