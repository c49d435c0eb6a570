import { Agent, createServer, get, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { eventually } from '@expacti/testkit';
import { describe, expect, it } from '@jest/globals';
import { endConnections } from './end-connections.js';

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const closed = (server: Server) => new Promise<void>((resolve) => server.close(() => resolve()));

describe('a server that closes', () => {
  it('waits for no connection that is merely kept, also one that falls idle meanwhile', async () => {
    const answers: (() => void)[] = [];
    const server = createServer((_request, response) => void answers.push(() => response.end('done')));
    const port = await listening(server);
    const agent = new Agent({ keepAlive: true });
    const answered = new Promise<string>((resolve) => {
      get({ port, agent }, (response) => response.setEncoding('utf8').on('data', resolve));
    });
    await eventually(() => answers.length === 1);
    const ended = endConnections(server, 60_000);
    const closing = closed(server);
    answers[0]?.();
    expect(await answered).toBe('done');
    await closing;
    ended();
    agent.destroy();
  });

  it('cuts off what goes on for too long, and whoever never asks', async () => {
    let asked = 0;
    const server = createServer(() => {
      asked += 1;
    });
    const port = await listening(server);
    const cut = new Promise((resolve) => void get({ port }).on('error', resolve));
    const silent = connect(port, '127.0.0.1');
    const left = new Promise((resolve) => void silent.on('close', resolve));
    await eventually(() => asked === 1);
    const ended = endConnections(server, 1);
    await Promise.all([closed(server), cut, left]);
    ended();
  });
});
