import { describe, expect, it } from '@jest/globals';
import { rpcContract } from '../rpc.contract-test.js';
import { EmbeddedRpc } from './embedded-rpc.js';

rpcContract('the embedded adapter', async () => {
  const rpc = new EmbeddedRpc();
  return { rpc, dispose: () => rpc.close() };
});

describe('the embedded adapter', () => {
  it('tells the operator of the error that the asker does not see', async () => {
    const told: unknown[] = [];
    const rpc = new EmbeddedRpc((pattern, error) => told.push([pattern, String(error)]));
    rpc.respond('test.crash', async () => {
      throw new Error('disk on fire');
    });
    await rpc.request('test.crash', {}).catch(() => undefined);
    expect(told).toEqual([['test.crash', 'Error: disk on fire']]);
  });

  it('answers nobody once it is closed', async () => {
    const rpc = new EmbeddedRpc();
    rpc.respond('test.echo', async (payload) => payload);
    await rpc.close();
    await expect(rpc.request('test.echo', 1)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});
