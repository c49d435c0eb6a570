import { createServer } from 'node:http';
import Database from 'better-sqlite3';
import { type WebSocket, WebSocketServer } from 'ws';

/**
 * The bare essence of what is measured, as a process of its own: writes the given record, one insert and one commit
 * with an fsync per message, then answers. WebSocket: echoes the message. POST: pushes the body to every socket, then
 * answers. It parses nothing, checks nothing, and decides nothing.
 *
 * Arguments: the database file, the record as JSON (`{ column: value }`), the port.
 */
const [file = '', recordJson = '{}', port = '0'] = process.argv.slice(2);
const record = JSON.parse(recordJson) as Record<string, string>;

const database = new Database(file);
database.pragma('journal_mode = WAL');
database.pragma('synchronous = FULL');
const columns = Object.keys(record).map((column) => `"${column}"`);
database.exec(
  `CREATE TABLE records (position INTEGER PRIMARY KEY, ${columns.map((column) => `${column} TEXT`).join()})`,
);
const insert = database.prepare(`INSERT INTO records (${columns.join()}) VALUES (${columns.map(() => '?').join()})`);
const values = Object.values(record);
const keep = () => insert.run(...values);

const sockets = new Set<WebSocket>();
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (request.method === 'POST') {
      keep();
      for (const socket of sockets) socket.send(Buffer.concat(chunks), { binary: false });
    }
    response.end('{}');
  });
});
new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) => {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
  socket.on('message', (data) => {
    keep();
    socket.send(data, { binary: false });
  });
});
server.listen(Number(port), '127.0.0.1');
