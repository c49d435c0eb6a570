import { parseWordPattern } from './command-pattern.js';
import type { WordPattern } from './word-pattern.js';

export type ParsedPathPattern = { ok: true; segments: readonly WordPattern[] } | { ok: false; message: string };

/** Reads a glob for absolute paths: `*` stays within one segment, `**` stands for any number of segments. */
export function parsePathPattern(source: string): ParsedPathPattern {
  if (!source.startsWith('/')) return { ok: false, message: 'A path pattern begins with "/".' };
  const segments: WordPattern[] = [];
  for (const text of source.slice(1).split('/')) {
    if (text === '' || text === '.' || text === '..')
      return { ok: false, message: 'A path pattern has no empty, "." or ".." segments.' };
    const parsed = parseWordPattern(text);
    if (!parsed.ok) return parsed;
    segments.push(parsed.pattern);
  }
  return { ok: true, segments };
}

/** The segments of an absolute path without `.`, `..` and empty ones; null for any other path. */
export function plainSegments(path: string): string[] | null {
  if (!path.startsWith('/') || path.includes('\0')) return null;
  const segments = path.slice(1).split('/');
  return segments.some((segment) => segment === '' || segment === '.' || segment === '..') ? null : segments;
}

/** A path without `.` and empty segments; `..` stays, as it may lead elsewhere than the text says where links are. */
export function plainPath(path: string): string {
  if (!path.includes('//') && !path.includes('/.') && (path.length < 2 || !path.endsWith('/'))) return path;
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  return (path.startsWith('/') ? '/' : '') + segments.join('/');
}

/** The segments where a path leads when its `.`, `..` and empty segments are worked out (links are not known here). */
export function resolvedSegments(path: string): string[] {
  const resolved: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') resolved.pop();
    else if (segment !== '' && segment !== '.') resolved.push(segment);
  }
  return resolved;
}
