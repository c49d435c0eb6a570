import type { BlobStore } from './blob-store.js';
import { FolderBlobs } from './folder/folder-blobs.js';
import { S3Blobs, type S3Settings } from './s3/s3-blobs.js';

/**
 * Opens what a setting names:
 *
 * - `folder:/var/lib/expacti/blobs`
 * - `s3://bucket/prefix?endpoint=https://s3.example.com&region=eu-central-1&path_style=true`: all but the bucket may be
 *   left out; `path_style` is true by itself where there is an endpoint. Credentials come from where the SDK looks
 *   (`AWS_ACCESS_KEY_ID`, files, instance roles), never from the URL, which is printed in logs.
 *
 * A bucket is not asked for here, so that services start in any order: `check` tells.
 * @throws Error that names what is wrong with the URL; BlobsUnavailable where the folder cannot be used
 */
export async function openBlobs(url: string): Promise<BlobStore> {
  if (url.startsWith('folder:')) return FolderBlobs.open(folderOf(url));
  if (url.startsWith('s3:')) return new S3Blobs(s3SettingsOf(url));
  throw new Error('A blobs URL begins with folder: or s3:');
}

function folderOf(url: string): string {
  const folder = url.slice('folder:'.length);
  if (folder === '') throw new Error('A blobs URL of the form folder:/path names no folder');
  return folder;
}

const PARAMETERS = ['endpoint', 'region', 'path_style'];

function s3SettingsOf(url: string): S3Settings {
  if (!URL.canParse(url)) throw new Error('The blobs URL cannot be read; expected s3://bucket/prefix?endpoint=…');
  const { username, password, port, hostname, pathname, searchParams, hash } = new URL(url);
  if (username !== '' || password !== '')
    throw new Error('Credentials do not belong into the blobs URL: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
  if (hostname === '' || port !== '' || hash !== '')
    throw new Error('The blobs URL names no bucket; expected s3://bucket/prefix?endpoint=…');
  for (const name of searchParams.keys())
    if (!PARAMETERS.includes(name))
      throw new Error(`The blobs URL has an unknown parameter ${name}; there are ${PARAMETERS.join(', ')}`);
  const endpoint = searchParams.get('endpoint');
  const region = searchParams.get('region');
  return {
    bucket: hostname,
    prefix: prefixOf(pathname),
    forcePathStyle: pathStyleOf(searchParams.get('path_style'), endpoint !== null),
    ...(endpoint === null ? {} : { endpoint: endpointOf(endpoint) }),
    // Stores other than Amazon's have no regions, but signatures name one.
    ...(region !== null ? { region } : endpoint !== null ? { region: 'us-east-1' } : {}),
  };
}

function endpointOf(endpoint: string): string {
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol))
    throw new Error(`The endpoint in the blobs URL is no http(s) URL: ${endpoint}`);
  return endpoint;
}

function pathStyleOf(value: string | null, byDefault: boolean): boolean {
  if (value === null) return byDefault;
  if (value !== 'true' && value !== 'false') throw new Error('path_style in the blobs URL is true or false');
  return value === 'true';
}

function prefixOf(pathname: string): string {
  const prefix = pathname.replace(/^\/+|\/+$/g, '');
  if (!/^[A-Za-z0-9._/-]*$/.test(prefix) || prefix.split('/').some((name) => name === '.' || name === '..'))
    throw new Error(`The prefix in the blobs URL may hold letters, digits and ._-/ only: ${prefix}`);
  return prefix === '' ? '' : `${prefix}/`;
}
