import { z } from 'zod';

/** Settings arrive as TOML values from the file and as text from the environment; these read both. */
export const setting = {
  boolean: () =>
    z.union(
      [
        z.boolean(),
        z.enum(['true', 'false', '1', '0', 'yes', 'no']).transform((text) => ['true', '1', 'yes'].includes(text)),
      ],
      {
        error: 'must be true or false',
      },
    ),
  integer: (minimum: number, maximum: number) =>
    z.coerce
      .number({ error: 'must be a number' })
      .int('must be a whole number')
      .min(minimum, `must be at least ${minimum}`)
      .max(maximum, `must be at most ${maximum}`),
};
