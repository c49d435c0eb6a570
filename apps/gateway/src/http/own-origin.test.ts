import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { requireLoopbackName, requireOwnOrigin } from './own-origin.js';

const request = (headers: IncomingMessage['headers']) => ({ headers }) as IncomingMessage;
const options = { publicUrl: 'https://expacti.example.com' };
const HOST = 'inner:3001';

describe('the origin of a web page', () => {
  it.each([undefined, 'https://expacti.example.com', 'http://inner:3001', 'https://inner:3001'])(
    '%p may connect',
    (origin) => {
      expect(() => requireOwnOrigin(request({ host: HOST, ...(origin && { origin }) }), options)).not.toThrow();
    },
  );

  it.each([
    'null',
    '',
    'https://evil.example',
    'http://expacti.example.com',
    'https://expacti.example.com.evil.example',
    'https://expacti.example.com:8443',
    'http://inner',
    'http://inner:3002',
    'http://sub.inner:3001',
  ])('%p may not', (origin) => {
    expect(() => requireOwnOrigin(request({ host: HOST, origin }), options)).toThrow(
      expect.objectContaining({ code: 'ORIGIN_REFUSED' }),
    );
  });

  it('without a host is compared with the public address alone', () => {
    expect(() => requireOwnOrigin(request({ origin: 'http://undefined' }), options)).toThrow();
  });
});

describe('the name that a server in evaluation mode is reached by', () => {
  const evaluation = { evalMode: true, evalAllowRemote: false };

  it.each(['localhost', 'localhost:3001', 'LOCALHOST:3001', '127.0.0.1:3001', '[::1]:3001'])('may be %s', (host) => {
    expect(() => requireLoopbackName(request({ host }), evaluation)).not.toThrow();
  });

  it.each([
    undefined,
    '',
    'evil.example',
    '127.0.0.1.evil.example',
    'localhost.',
    '127.0.0.2',
    '0.0.0.0',
    '[::]',
    '::1',
    'a b',
  ])('may not be %p', (host) => {
    expect(() => requireLoopbackName(request(host === undefined ? {} : { host }), evaluation)).toThrow(
      expect.objectContaining({ code: 'ORIGIN_REFUSED' }),
    );
  });

  it('is any where evaluation mode is off, or open on purpose', () => {
    const far = request({ host: 'expacti.example.com' });
    expect(() => requireLoopbackName(far, { evalMode: false, evalAllowRemote: false })).not.toThrow();
    expect(() => requireLoopbackName(far, { evalMode: true, evalAllowRemote: true })).not.toThrow();
  });
});
