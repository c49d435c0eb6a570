import { type Logger, type LoggerOptions, pino } from 'pino';

export type { Logger };

/** Names under which secrets travel. Whatever is logged under them, at any of these depths, is replaced. */
const SECRET_NAMES = [
  'authorization',
  'cookie',
  'password',
  'new_password',
  'current_password',
  'token',
  'credential',
  'access_token',
  'refresh_token',
  'invitation_token',
  'receipt',
  'secret',
];
const SECRET_PATHS = SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `req.headers.${name}`]);

/** Structured logs on standard output, one JSON object a line, without secrets. */
export function createLogger(service: string, level: string, destination?: { write(line: string): void }): Logger {
  const options: LoggerOptions = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: SECRET_PATHS, censor: '[secret]' },
    formatters: { level: (label) => ({ level: label }) },
  };
  return destination ? pino(options, destination) : pino(options);
}
