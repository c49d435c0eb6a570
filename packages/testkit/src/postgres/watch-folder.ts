import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Waits for the end of its input, which comes with the end of this process however that ends. A server that runs on the
 * folder then is killed with its children (they may be stopped, and a stopped process does not see that its parent has
 * gone). The id of the file may be another's by now, so the command line must name the folder too.
 */
const SCRIPT = `
while read -r line; do :; done
pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null)
case $(ps -o args= -p "\${pid:-0}" 2>/dev/null) in
  *"$1"*) kill -KILL $(ps -A -o pid=,ppid= | awk -v p="$pid" '$1 == p || $2 == p { print $1 }') ;;
esac
rm -rf -- "$1"
`;

/**
 * Starts a shell that removes a server's folder, and ends a server that still runs on it, when it is told to or when this
 * process is gone. Returns what tells it; that resolves when everything is removed.
 */
export function watchFolder(folder: string): () => Promise<void> {
  // In a session of its own: the interrupt key ends the tests and must not end this.
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'sh', folder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  const ended = once(shell, 'exit');
  shell.unref();
  (shell.stdin as unknown as { unref(): void }).unref();
  return async () => {
    shell.ref();
    shell.stdin?.end();
    await ended;
  };
}
