import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { orUnavailable } from '../blobs-unavailable.js';
import { partsOf } from './parts.js';

/** S3 takes no smaller parts than 5 MiB (but the last) and no more than 10 000: 80 GB are the most. */
export const PART_BYTES = 8 * 1024 * 1024;

export interface UploadTarget {
  readonly Bucket: string;
  readonly Key: string;
  readonly ContentType?: string;
}

/**
 * Uploads content of any length: in one request where it fits into one part, else part by part, and it is there only
 * when the last request says so. An upload that fails is aborted. One that dies with its process stays behind, invisible,
 * until the bucket's own rule for incomplete uploads removes it.
 * @returns the size in bytes
 * @throws BlobsUnavailable, or what `content` throws
 */
export async function upload(
  client: S3Client,
  target: UploadTarget,
  content: Uint8Array | AsyncIterable<Uint8Array>,
): Promise<number> {
  const store = <T>(step: () => Promise<T>) => orUnavailable(`store ${target.Key}`, step);
  let size = 0;
  let multipart: Multipart | undefined;
  let last: Uint8Array | undefined;
  try {
    for await (const part of partsOf(content, PART_BYTES)) {
      // Held back by one, for only then is it known whether it is the last.
      if (last !== undefined) {
        const before = last;
        multipart ??= await store(() => Multipart.begin(client, target));
        await store(async () => multipart?.add(before));
      }
      last = part;
      size += part.byteLength;
    }
    const rest = last ?? new Uint8Array();
    if (multipart === undefined)
      await store(() => client.send(new PutObjectCommand({ ...target, Body: rest, ContentLength: rest.byteLength })));
    else {
      const begun = multipart;
      await store(() => begun.add(rest));
      await store(() => begun.complete());
    }
    return size;
  } catch (error) {
    await multipart?.abort();
    throw error;
  }
}

class Multipart {
  readonly #client: S3Client;
  readonly #upload: { Bucket: string; Key: string; UploadId: string };
  readonly #parts: { ETag: string; PartNumber: number }[] = [];

  private constructor(client: S3Client, upload: { Bucket: string; Key: string; UploadId: string }) {
    this.#client = client;
    this.#upload = upload;
  }

  static async begin(client: S3Client, target: UploadTarget): Promise<Multipart> {
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(target));
    if (UploadId === undefined) throw new Error('The store began no upload');
    return new Multipart(client, { Bucket: target.Bucket, Key: target.Key, UploadId });
  }

  async add(part: Uint8Array): Promise<void> {
    const PartNumber = this.#parts.length + 1;
    const { ETag } = await this.#client.send(
      new UploadPartCommand({ ...this.#upload, PartNumber, Body: part, ContentLength: part.byteLength }),
    );
    if (ETag === undefined) throw new Error('The store did not confirm a part');
    this.#parts.push({ ETag, PartNumber });
  }

  async complete(): Promise<void> {
    await this.#client.send(
      new CompleteMultipartUploadCommand({ ...this.#upload, MultipartUpload: { Parts: this.#parts } }),
    );
  }

  /** As well as it goes: the error that led here is the one that counts. */
  async abort(): Promise<void> {
    await this.#client.send(new AbortMultipartUploadCommand(this.#upload)).catch(() => {});
  }
}
