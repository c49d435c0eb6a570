// Exits 0 when nothing listens on the loopback port given.
import { createServer } from 'node:net';

const server = createServer();
server.once('error', () => process.exit(1));
server.listen(Number(process.argv[2]), '127.0.0.1', () => server.close(() => process.exit(0)));
