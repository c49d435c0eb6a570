import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { checkFolder, checkFolderBelowTop, checkKey, isKey } from '../blob-key.js';
import type { BlobEntry, BlobPage, BlobReading, BlobStore, ListOptions, PutOptions } from '../blob-store.js';
import { BlobsUnavailable, orUnavailable } from '../blobs-unavailable.js';
import { type ByteRange, checkRange, rangeWithin } from '../byte-range.js';
import { exactContent } from '../exact-content.js';
import { checkLimit } from '../page-limit.js';
import { upload } from './upload.js';

export interface S3Settings {
  readonly bucket: string;
  /** Begins every key in the bucket, so that several installations may share one: `expacti/`. Default none. */
  readonly prefix?: string;
  /** `https://…`; Amazon's own by default. */
  readonly endpoint?: string;
  /** Default: what the SDK finds in its environment. */
  readonly region?: string;
  /** Default: what the SDK finds in its environment, files and instance roles. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** The bucket in the path instead of the host name, as most stores other than Amazon's want it. Default false. */
  readonly forcePathStyle?: boolean;
  /** How long one try may wait for an answer, and for the next bytes of one, in milliseconds. Default 20 000. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 20_000;
const CONNECT_TIMEOUT_MS = 3_000;
const MOST_TRIES = 3;
const DELETES_AT_ONCE = 16;

/** Blobs in a bucket of S3 or of a store that speaks its protocol. As durable as that store's acknowledgement. */
export class S3Blobs implements BlobStore {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;

  constructor({ bucket, prefix = '', timeoutMs = TIMEOUT_MS, ...connection }: S3Settings) {
    this.#bucket = bucket;
    this.#prefix = prefix;
    this.#client = new S3Client({
      ...connection,
      maxAttempts: MOST_TRIES,
      // Bodies are signed with their SHA-256 in any case; many stores do not know the newer checksums' trailers.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: {
        connectionTimeout: Math.min(CONNECT_TIMEOUT_MS, timeoutMs),
        requestTimeout: timeoutMs,
        throwOnRequestTimeout: true,
        socketTimeout: timeoutMs,
      },
    });
  }

  async put(
    key: string,
    content: Uint8Array | AsyncIterable<Uint8Array>,
    { contentType }: PutOptions = {},
  ): Promise<BlobEntry> {
    checkKey(key);
    const target = { ...this.#object(key), ...(contentType === undefined ? {} : { ContentType: contentType }) };
    return { key, size: await upload(this.#client, target, content) };
  }

  async get(key: string, range: ByteRange = {}): Promise<BlobReading | null> {
    checkKey(key);
    const { start, end } = checkRange(range);
    // HTTP has no way to ask for nothing.
    if (start === end) return this.#nothingOf(key, { start, end });
    const isWhole = start === 0 && end === Number.MAX_SAFE_INTEGER;
    const Range = isWhole ? {} : { Range: `bytes=${start}-${end === Number.MAX_SAFE_INTEGER ? '' : end - 1}` };
    const found = await this.#orNull(`read ${key}`, async () => {
      try {
        return await this.#client.send(new GetObjectCommand({ ...this.#object(key), ...Range }));
      } catch (error) {
        if (isAnswer(error, 'InvalidRange', 416)) return 'behind the end';
        throw error;
      }
    });
    if (found === null) return null;
    if (found === 'behind the end') return this.#nothingOf(key, { start, end });
    if (!(found.Body instanceof Readable)) throw new BlobsUnavailable(`Could not read ${key}: no content came`);
    const part = partOf(found, isWhole);
    if (part === null) {
      found.Body.destroy();
      throw new BlobsUnavailable(`Could not read ${key}: the store did not say which part it sent`);
    }
    return { key, ...part, content: exactContent(key, part.end - part.start, found.Body) };
  }

  async stat(key: string): Promise<BlobEntry | null> {
    checkKey(key);
    const found = await this.#orNull(`look at ${key}`, () =>
      this.#client.send(new HeadObjectCommand(this.#object(key))),
    );
    return found === null ? null : { key, size: found.ContentLength ?? 0 };
  }

  async list(folder: string, { cursor, limit }: ListOptions = {}): Promise<BlobPage> {
    checkFolder(folder);
    const MaxKeys = checkLimit(limit);
    return orUnavailable(`list ${folder}`, async () => {
      const page = await this.#client.send(
        new ListObjectsV2Command({
          Bucket: this.#bucket,
          Prefix: this.#prefix + folder,
          MaxKeys,
          ...(cursor ? { ContinuationToken: cursor } : {}),
        }),
      );
      const blobs = (page.Contents ?? [])
        .map(({ Key = '', Size = 0 }) => ({ key: Key.slice(this.#prefix.length), size: Size }))
        .filter(({ key }) => isKey(key));
      return { blobs, next: (page.IsTruncated && page.NextContinuationToken) || null };
    });
  }

  async delete(key: string): Promise<void> {
    checkKey(key);
    await orUnavailable(`delete ${key}`, () => this.#client.send(new DeleteObjectCommand(this.#object(key))));
  }

  /** One by one, for not every store deletes many at once. */
  async deleteFolder(folder: string): Promise<void> {
    checkFolderBelowTop(folder);
    let cursor: string | null = null;
    do {
      const page: BlobPage = await this.list(folder, { cursor });
      for (let begin = 0; begin < page.blobs.length; begin += DELETES_AT_ONCE)
        await Promise.all(page.blobs.slice(begin, begin + DELETES_AT_ONCE).map(({ key }) => this.delete(key)));
      cursor = page.next;
    } while (cursor !== null);
  }

  async check(): Promise<void> {
    await orUnavailable(`use the bucket ${this.#bucket}`, () =>
      this.#client.send(new HeadBucketCommand({ Bucket: this.#bucket })),
    );
  }

  async close(): Promise<void> {
    this.#client.destroy();
  }

  #object(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket, Key: this.#prefix + key };
  }

  async #nothingOf(key: string, wanted: { start: number; end: number }): Promise<BlobReading | null> {
    const entry = await this.stat(key);
    if (entry === null) return null;
    const { start } = rangeWithin(entry.size, wanted);
    return { ...entry, start, end: start, content: Readable.from([], { objectMode: false }) };
  }

  /** Null where there is no such object, provided that there is a bucket: some answers do not tell these apart. */
  async #orNull<T>(doing: string, step: () => Promise<T>): Promise<T | null> {
    return orUnavailable(doing, async () => {
      try {
        return await step();
      } catch (error) {
        if (!isAnswer(error, 'NoSuchKey', 404) && !isAnswer(error, 'NotFound', 404)) throw error;
        await this.check();
        return null;
      }
    });
  }
}

const isAnswer = (error: unknown, name: string, status: number): boolean =>
  error instanceof S3ServiceException && error.name === name && error.$metadata.httpStatusCode === status;

/** Which part of how much an answer holds; null where it does not say. */
function partOf(
  { ContentRange, ContentLength }: { ContentRange?: string | undefined; ContentLength?: number | undefined },
  isWhole: boolean,
): { start: number; end: number; size: number } | null {
  if (isWhole) return ContentLength === undefined ? null : { start: 0, end: ContentLength, size: ContentLength };
  const [, first, last, size] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(ContentRange ?? '') ?? [];
  return size === undefined ? null : { start: Number(first), end: Number(last) + 1, size: Number(size) };
}
