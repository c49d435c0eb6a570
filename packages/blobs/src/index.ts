export { checkFolder, checkKey, InvalidBlobKey } from './blob-key.js';
export type { BlobEntry, BlobPage, BlobReading, BlobStore, ListOptions, PutOptions } from './blob-store.js';
export { BlobsUnavailable } from './blobs-unavailable.js';
export type { ByteRange } from './byte-range.js';
export { FolderBlobs } from './folder/folder-blobs.js';
export { openBlobs } from './open-blobs.js';
export { S3Blobs, type S3Settings } from './s3/s3-blobs.js';
