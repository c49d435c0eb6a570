import { RedisAway } from './impatient-redis.js';

/** What the server says when it cannot serve now, and what that means. */
const REFUSALS: readonly { begins: string; means: string }[] = [
  { begins: 'OOM', means: 'Redis is full (maxmemory is reached).' },
  { begins: 'LOADING', means: 'Redis is still loading its data.' },
  { begins: 'READONLY', means: 'This Redis is a replica and takes no writes.' },
  { begins: 'MISCONF', means: 'Redis cannot write to its disk.' },
  { begins: 'MASTERDOWN', means: 'Redis has lost its primary.' },
  { begins: 'CLUSTERDOWN', means: 'The Redis cluster is down.' },
  { begins: 'TRYAGAIN', means: 'The Redis cluster is moving these keys.' },
  { begins: 'NOREPLICAS', means: 'Redis has too few replicas to take writes.' },
  { begins: 'BUSY ', means: 'Redis is busy with a script.' },
  { begins: 'NOAUTH', means: 'Redis refuses our credentials.' },
  { begins: 'WRONGPASS', means: 'Redis refuses our credentials.' },
  { begins: 'NOPERM', means: 'Redis refuses our credentials for this.' },
];

/**
 * Why a command failed, when the reason is the server or the way to it and not the command: trying again later can
 * help. Undefined for every other error. The text may be shown: it names neither keys nor addresses.
 *
 * After a timeout or a lost connection the command may have been carried out all the same.
 */
export function whyUnavailable(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof RedisAway) return 'Redis cannot be reached.';
  if (error.message === 'Command timed out') return 'Redis did not answer in time.';
  if (error.name === 'ReplyError') {
    // A script's error begins like the one it met.
    return REFUSALS.find(({ begins }) => error.message.startsWith(begins))?.means;
  }
  const code = 'code' in error ? String(error.code) : '';
  const isConnection =
    /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_)/.test(code) ||
    ['AbortError', 'MaxRetriesPerRequestError'].includes(error.name) ||
    /^(Connection is closed|Stream isn't writeable|Connection in subscriber mode|Socket timeout)/.test(error.message);
  return isConnection ? 'Redis cannot be reached.' : undefined;
}

/** Whether the server refused because it is full. */
export const isFull = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ReplyError' && error.message.startsWith('OOM');
