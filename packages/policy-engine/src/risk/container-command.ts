/** Options of `exec` and `run` that take no value; any other one without `=` is taken to have one. */
const ALONE =
  /^(?:-[ditTqP]+|--(?:detach|interactive|tty|privileged|rm|init|read-only|no-TTY|no-deps|service-ports|publish-all|quiet|no-healthcheck|build|stdin|no-tty))$/;

/**
 * The words that run inside a container (`docker exec web rm -rf /data`, `kubectl exec pod -- ls`); null where the command
 * runs nothing there that the line names.
 */
export function commandInContainer(program: string, words: readonly string[]): string[] | null {
  if (!/^(docker|podman|nerdctl|kubectl|oc|docker-compose|podman-compose)$/.test(program)) return null;
  const verb = words.findIndex((word, at) => at > 0 && at <= 4 && /^(exec|run)$/.test(word));
  if (verb < 0) return null;
  const end = words.indexOf('--', verb);
  if (end >= 0) return nonEmpty(words.slice(end + 1));
  if (/^(kubectl|oc)$/.test(program) && words[verb] === 'run') return null;
  let at = verb + 1;
  while (words[at]?.startsWith('-') === true)
    at += ALONE.test(words[at] ?? '') || words[at]?.includes('=') === true ? 1 : 2;
  return nonEmpty(words.slice(at + 1));
}

const nonEmpty = (words: string[]): string[] | null => (words.length > 0 ? words : null);
