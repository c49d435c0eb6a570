/** `EXPACTI_…` variables, without the prefix in lower case: `{ limits__requests_per_second: '9' }` */
export type Settings = Readonly<Record<string, string>>;

/** The environment that settings stand for. */
export const environmentOf = (settings: Settings): Record<string, string> =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [`EXPACTI_${name.toUpperCase()}`, value]));
