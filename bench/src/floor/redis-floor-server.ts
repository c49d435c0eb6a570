import { createServer } from 'node:http';
import { Redis } from 'ioredis';
import { type WebSocket, WebSocketServer } from 'ws';

/**
 * The bare essence of what is measured, as a process of its own: one awaited `XADD` of the given record per message,
 * durable as the server is, then the answer. WebSocket: echoes the message. POST: pushes the body to every socket, then
 * answers. It parses nothing, checks nothing, and decides nothing.
 *
 * Arguments: the Redis, the stream, the record as JSON (`{ field: value }`), the port.
 */
const [url = '', stream = '', recordJson = '{}', port = '0'] = process.argv.slice(2);
const record = Object.entries(JSON.parse(recordJson) as Record<string, string>).flat();

const redis = new Redis(url);
const keep = () => redis.xadd(stream, '*', ...record);
const fail = (error: unknown) => {
  process.stderr.write(`${error}\n`);
  process.exit(1);
};

const sockets = new Set<WebSocket>();
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (request.method !== 'POST') {
      response.end('{}');
      return;
    }
    keep().then(() => {
      for (const socket of sockets) socket.send(Buffer.concat(chunks), { binary: false });
      response.end('{}');
    }, fail);
  });
});
new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) => {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
  socket.on('message', (data) => {
    keep().then(() => socket.send(data, { binary: false }), fail);
  });
});
server.listen(Number(port), '127.0.0.1');
