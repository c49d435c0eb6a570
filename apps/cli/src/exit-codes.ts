/**
 * What `$?` says. `run` gives the command's own code; these stand for everything else. Where a convention exists it is
 * followed: 124 and 126 as in `timeout` and in shells, 64–78 as in sysexits.h. docs/cli.md lists them.
 */
export const EXIT = {
  ok: 0,
  /** The check that was asked for found something wrong. */
  failed: 1,
  usage: 64,
  invalid: 65,
  notFound: 66,
  unavailable: 69,
  internal: 70,
  conflict: 75,
  receipt: 76,
  noPermission: 77,
  configuration: 78,
  timeout: 124,
  cancelled: 125,
  denied: 126,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
