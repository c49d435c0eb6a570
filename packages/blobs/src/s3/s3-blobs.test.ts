import { randomBytes, randomUUID } from 'node:crypto';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type S3Server, startS3 } from '@expacti/testkit';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { blobStoreContract, bytesOf, contentOf, piecesOf } from '../blob-store.contract-test.js';
import { BlobsUnavailable } from '../blobs-unavailable.js';
import { S3Blobs, type S3Settings } from './s3-blobs.js';

/**
 * Against SeaweedFS on loopback: a real store with the S3 protocol (signatures, ranges, multipart uploads, paging), as
 * somebody may run it in production. It is not Amazon's: what only Amazon does (throttling, roles, redirects between
 * regions) is not tried here.
 */
const BUCKET = 'recordings';
const MIB = 1024 * 1024;
/** A first start may install the server. */
const START_MS = 180_000;

let server: S3Server;
let client: S3Client;

beforeAll(async () => {
  server = await startS3();
  const { endpoint, region, credentials } = server;
  client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
}, START_MS);

afterAll(async () => {
  client?.destroy();
  await server?.stop();
});

/** Each test has the bucket's part below a prefix of its own. */
const newPrefix = () => `${randomUUID()}/`;

const open = (prefix: string, more: Partial<S3Settings> = {}) =>
  new S3Blobs({
    bucket: BUCKET,
    prefix,
    endpoint: server.endpoint,
    region: server.region,
    credentials: server.credentials,
    forcePathStyle: true,
    ...more,
  });

blobStoreContract('S3Blobs', async () => {
  const prefix = newPrefix();
  const another = async () => open(prefix);
  const store = await another();
  return { store, another, dispose: () => store.close() };
});

describe('S3Blobs', () => {
  it('keeps installations with different prefixes apart in one bucket', async () => {
    const [one, other] = [open(newPrefix()), open(newPrefix())];
    await one.put('org_a/1.cast', bytesOf('one'));
    await other.put('org_a/1.cast', bytesOf('other'));
    expect(String(await contentOf(await one.get('org_a/1.cast')))).toBe('one');
    await other.deleteFolder('org_a/');
    expect((await one.list('')).blobs).toEqual([{ key: 'org_a/1.cast', size: 3 }]);
    expect((await other.list('')).blobs).toEqual([]);
    await Promise.all([one.close(), other.close()]);
  });

  it('tells the store the content type, of small blobs and of large ones', async () => {
    const prefix = newPrefix();
    const blobs = open(prefix);
    for (const size of [3, 9 * MIB]) {
      await blobs.put('org_a/1.cast', randomBytes(size), { contentType: 'application/x-asciicast' });
      const stored = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: `${prefix}org_a/1.cast` }));
      await stored.Body?.transformToByteArray();
      expect(stored).toMatchObject({ ContentType: 'application/x-asciicast', ContentLength: size });
    }
    await blobs.close();
  });

  it('passes over what others put into the bucket, and lets it stay', async () => {
    const prefix = newPrefix();
    const blobs = open(prefix);
    for (const name of ['README', 'org_a/UPPER.CAST', 'org_a/.hidden.cast'])
      await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: prefix + name, Body: 'theirs' }));
    await blobs.put('org_a/1.cast', bytesOf('x'));
    expect((await blobs.list('')).blobs).toEqual([{ key: 'org_a/1.cast', size: 1 }]);
    await blobs.deleteFolder('org_a/');
    const theirs = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: `${prefix}org_a/UPPER.CAST` }));
    expect(await theirs.Body?.transformToString()).toBe('theirs');
    await blobs.close();
  });

  it('leaves no upload behind when its source fails between two parts', async () => {
    const prefix = newPrefix();
    const blobs = open(prefix);
    let uploadsMeanwhile = 0;
    const uploads = async () =>
      (await client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET, Prefix: prefix }))).Uploads?.length ?? 0;
    async function* failing(): AsyncGenerator<Buffer> {
      yield* piecesOf(randomBytes(20 * MIB));
      uploadsMeanwhile = await uploads();
      throw new Error('the agent hung up');
    }
    await expect(blobs.put('org_a/1.cast', failing())).rejects.toThrow('the agent hung up');
    expect(uploadsMeanwhile).toBe(1);
    expect(await uploads()).toBe(0);
    await blobs.close();
  });

  it('takes a missing bucket for trouble, not for emptiness', async () => {
    const blobs = open('', { bucket: 'no-such-bucket' });
    await expect(blobs.get('org_a/1.cast')).rejects.toThrow(BlobsUnavailable);
    await expect(blobs.stat('org_a/1.cast')).rejects.toThrow(BlobsUnavailable);
    await expect(blobs.list('')).rejects.toThrow(BlobsUnavailable);
    await expect(blobs.check()).rejects.toThrow(BlobsUnavailable);
    await blobs.close();
  });

  it('takes refused credentials for trouble', async () => {
    const credentials = { ...server.credentials, secretAccessKey: 'wrong' };
    const blobs = open(newPrefix(), { credentials });
    await expect(blobs.put('org_a/1.cast', bytesOf('x'))).rejects.toThrow(BlobsUnavailable);
    await expect(blobs.get('org_a/1.cast')).rejects.toThrow(BlobsUnavailable);
    await expect(blobs.check()).rejects.toThrow(BlobsUnavailable);
    await blobs.close();
  });
});

describe('S3Blobs while its store is in trouble', () => {
  const BOUND_MS = 20_000;
  const TEST_MS = 120_000;

  /** One that waits as long as it does in production, and one for whom the store is in trouble soon. */
  const openBoth = () => {
    const prefix = newPrefix();
    const [patient, hasty] = [open(prefix), open(prefix, { timeoutMs: 1_000 })];
    return { patient, hasty, close: () => Promise.all([patient.close(), hasty.close()]) };
  };

  it(
    'says so in bounded time while the store stands still, and goes on afterwards',
    async () => {
      const { patient, hasty, close } = openBoth();
      await patient.put('org_a/1.cast', bytesOf('x'));
      const before = performance.now();
      server.pause();
      try {
        await Promise.all([
          expect(hasty.put('org_a/2.cast', bytesOf('y'))).rejects.toThrow(BlobsUnavailable),
          expect(hasty.get('org_a/1.cast')).rejects.toThrow(BlobsUnavailable),
          expect(hasty.stat('org_a/1.cast')).rejects.toThrow(BlobsUnavailable),
          expect(hasty.list('')).rejects.toThrow(BlobsUnavailable),
          expect(hasty.delete('org_a/1.cast')).rejects.toThrow(BlobsUnavailable),
          expect(hasty.check()).rejects.toThrow(BlobsUnavailable),
        ]);
      } finally {
        server.resume();
      }
      expect(performance.now() - before).toBeLessThan(BOUND_MS);
      await patient.put('org_a/3.cast', bytesOf('z'));
      expect(String(await contentOf(await patient.get('org_a/3.cast')))).toBe('z');
      await close();
    },
    TEST_MS,
  );

  it(
    'fails a reading that stands still half-way',
    async () => {
      const { patient, hasty, close } = openBoth();
      await patient.put('org_a/1.cast', randomBytes(60 * MIB));
      const reading = await hasty.get('org_a/1.cast');
      server.pause();
      try {
        await expect(contentOf(reading)).rejects.toThrow(BlobsUnavailable);
      } finally {
        server.resume();
      }
      await close();
    },
    TEST_MS,
  );

  it(
    'keeps what was acknowledged over kill -9, fails what was under way, and half a blob is never there',
    async () => {
      const blobs = open(newPrefix());
      await blobs.put('org_a/1.cast', randomBytes(60 * MIB));
      const reading = await blobs.get('org_a/1.cast');
      async function* killing(): AsyncGenerator<Buffer> {
        yield* piecesOf(randomBytes(20 * MIB));
        await server.kill();
      }
      await expect(blobs.put('org_a/2.cast', killing())).rejects.toThrow(BlobsUnavailable);
      await expect(contentOf(reading)).rejects.toThrow(BlobsUnavailable);
      await server.restart();
      expect(await contentOf(await blobs.get('org_a/1.cast'))).toHaveLength(60 * MIB);
      expect(await blobs.get('org_a/2.cast')).toBeNull();
      expect((await blobs.list('')).blobs.map(({ key }) => key)).toEqual(['org_a/1.cast']);
      await blobs.close();
    },
    TEST_MS,
  );
});
