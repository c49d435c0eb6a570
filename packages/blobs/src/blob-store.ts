import type { Readable } from 'node:stream';
import type { ByteRange } from './byte-range.js';

/** What is known of a blob without reading it. */
export interface BlobEntry {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
}

/** A blob that is being read. */
export interface BlobReading extends BlobEntry {
  /** The part that is read: `start` its first byte, `end` the byte behind its last one, both within `size`. */
  readonly start: number;
  readonly end: number;
  /**
   * Exactly the bytes from `start` to `end`, or a `BlobsUnavailable`; never silently fewer. It holds a file or a
   * connection: read it to its end, or destroy it.
   */
  readonly content: Readable;
}

export interface BlobPage {
  readonly blobs: readonly BlobEntry[];
  /** Hand it back to get what follows; null after the last page. Only the store that gave it can read it. */
  readonly next: string | null;
}

export interface PutOptions {
  /** A media type, for whoever looks into the bucket with other tools. It is not given back. */
  readonly contentType?: string;
}

export interface ListOptions {
  readonly cursor?: string | null;
  /** At most so many, 1 to 1 000. Default 1 000. */
  readonly limit?: number;
}

/**
 * Whole files by key: recordings, their chunks, reports. A key is checked before anything else happens (`blob-key.ts`)
 * and the tenant is its first folder.
 *
 * - **Durable.** `put` resolves when the blob survives the loss of power, as far as the store behind it promises that.
 * - **Whole.** Readers see all of a blob or none of it, whatever dies while it is written; a second `put` replaces it
 *   in one step, and who is reading goes on reading what it began with, or fails.
 * - **Read your writes.** `get`, `stat` and `list` know at once, in every process, of a `put` or `delete` that resolved.
 * - **Trouble is not absence.** Null says that there is no such blob. A store that cannot be reached, refuses, is full or
 *   is too slow rejects with `BlobsUnavailable`, in bounded time.
 * - **Folders, not beginnings of names.** `list` and `deleteFolder` take whole folders: `ses_1` also begins `ses_10`.
 * - What is put is not trusted to end well: when the source throws, its error comes out of `put` and nothing was stored.
 */
export interface BlobStore {
  /** @throws InvalidBlobKey, BlobsUnavailable, or what `content` throws */
  put(key: string, content: Uint8Array | AsyncIterable<Uint8Array>, options?: PutOptions): Promise<BlobEntry>;

  /**
   * @param range the part that is wanted, cut down to what is there; all of it by default
   * @throws InvalidBlobKey, BlobsUnavailable, RangeError
   */
  get(key: string, range?: ByteRange): Promise<BlobReading | null>;

  /** @throws InvalidBlobKey, BlobsUnavailable */
  stat(key: string): Promise<BlobEntry | null>;

  /**
   * Every blob in a folder and the folders in it, each once. The blobs of one folder come in the order of their names;
   * folders come in no promised order. What is put or deleted meanwhile may be missed.
   * @param folder `org_…/ses_…/`, or the empty string for everything
   * @throws InvalidBlobKey, BlobsUnavailable, RangeError
   */
  list(folder: string, options?: ListOptions): Promise<BlobPage>;

  /** Fine when there is none. @throws InvalidBlobKey, BlobsUnavailable */
  delete(key: string): Promise<void>;

  /**
   * Deletes every blob in a folder and the folders in it. Broken off half-way it leaves the rest: say it again.
   * @param folder as for `list`, but never everything
   * @throws InvalidBlobKey, BlobsUnavailable
   */
  deleteFolder(folder: string): Promise<void>;

  /** Resolves when the store answers and lets itself be used; for readiness. @throws BlobsUnavailable */
  check(): Promise<void>;

  close(): Promise<void>;
}
