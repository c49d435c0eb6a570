#!/usr/bin/env node
// The system's Node may be older than what expacti needs. The repository brings its own (the npm package `node`).
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';

const NEEDED = 22;

/** @returns {string | undefined} */
function ownNode() {
  try {
    return createRequire(import.meta.url).resolve('node/bin/node', {
      paths: [new URL('../../..', import.meta.url).pathname],
    });
  } catch {
    return undefined;
  }
}

if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
  const { main } = await import('../dist/main.js');
  process.exitCode = await main(process.argv.slice(2));
} else {
  const node = ownNode();
  if (node === undefined) {
    process.stderr.write(`expacti needs Node.js ${NEEDED} or newer; this is ${process.version}.\n`);
    process.exitCode = 78;
  } else {
    const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' });
    // Ctrl-C reaches the child by itself; whoever signals this process means the child.
    process.on('SIGINT', () => undefined);
    for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    child.on('exit', (code) => {
      process.exitCode = code ?? 70;
    });
  }
}
