/** One measured figure beside its floor: the least that the same machine needs in the same run for the bare essence of it. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** The floor's value, in the same unit. */
  floor: number;
  floorName: string;
  /** `value / floor`. */
  ratio: number;
  /** What was promised, in words. */
  goal?: string;
  met?: boolean;
}

/** Completes a figure with its ratio. */
export function figure(fields: Omit<Figure, 'ratio'>): Figure {
  return { ...fields, ratio: fields.floor === 0 ? Number.NaN : fields.value / fields.floor };
}

/** The value below which the given share (0–1) of the samples lies. */
export function quantile(samples: readonly number[] | Float64Array, share: number): number {
  const sorted = Float64Array.from(samples).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
