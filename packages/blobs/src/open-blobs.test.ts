import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@expacti/testkit';
import { describe, expect, it } from '@jest/globals';
import { bytesOf } from './blob-store.contract-test.js';
import { openBlobs } from './open-blobs.js';
import { S3Blobs } from './s3/s3-blobs.js';

describe('openBlobs', () => {
  it('opens a folder, and makes it', async () => {
    const folder = temporaryFolder('expacti-blobs');
    const blobs = await openBlobs(`folder:${folder.path}/blobs`);
    await blobs.put('org_a/1.cast', bytesOf('x'));
    expect(existsSync(join(folder.path, 'blobs', 'org_a', '1.cast'))).toBe(true);
    folder.remove();
  });

  it.each([
    's3://recordings',
    's3://recordings/expacti/prod?region=eu-central-1',
    's3://recordings/expacti?endpoint=https%3A%2F%2Fs3.example.com%3A9000&path_style=false',
    's3://recordings?endpoint=http://127.0.0.1:9',
  ])('opens %s without asking the store', async (url) => {
    const blobs = await openBlobs(url);
    expect(blobs).toBeInstanceOf(S3Blobs);
    await blobs.close();
  });

  it.each([
    ['', /begins with folder: or s3:/],
    ['/var/lib/blobs', /begins with folder: or s3:/],
    ['ftp://host/blobs', /begins with folder: or s3:/],
    ['folder:', /names no folder/],
    ['s3:', /names no bucket/],
    ['s3:///prefix', /names no bucket/],
    ['s3://bucket:9000/prefix', /names no bucket/],
    ['s3://bucket?endpoint', /no http\(s\) URL/],
    ['s3://bucket/%zz', /letters, digits/],
    ['s3://bucket?endpoint=s3.example.com', /no http\(s\) URL/],
    ['s3://bucket?endpoint=file:///etc', /no http\(s\) URL/],
    ['s3://bucket?regoin=eu', /unknown parameter regoin/],
    ['s3://bucket?path_style=yes', /true or false/],
    ['s3://bucket/a/../b c', /letters, digits/],
  ])('refuses %j and says why', async (url, message) => {
    await expect(openBlobs(url)).rejects.toThrow(message);
  });

  it('refuses credentials in the URL, and does not repeat them', async () => {
    const opening = openBlobs('s3://key:very-secret@bucket');
    await expect(opening).rejects.toThrow(/AWS_ACCESS_KEY_ID/);
    await expect(opening).rejects.not.toThrow(/very-secret/);
  });
});
