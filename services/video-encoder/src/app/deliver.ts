import { addAbortSignal } from 'node:stream';
import {
  type DeliverJob,
  JobError,
  outputFiles,
  readS3Address,
  reportFile,
} from '@spillway/contracts';
import { eachOf } from '@spillway/runtime';
import { type Bucket, type Buckets, type ObjectStore, StorageError } from '@spillway/storage';
import type { Attempt } from './attempt.ts';
import type { Observer } from './ports.ts';
import { openPart } from './read-part.ts';
import type { Work } from './work.ts';

export interface DeliverParts {
  readonly storage: ObjectStore;
  /** Of customers. */
  readonly buckets: Buckets;
  readonly observer: Observer;
}

/** Of a large file two parts of 8 MiB are in memory. */
const FILES_AT_ONCE = 4;
const PLAYBACK = 'playback/';

interface File {
  /** In our object store. */
  readonly key: string;
  /** Below the destination. */
  readonly name: string;
}

/**
 * Copies a finished output into a customer's bucket, with its folders beside each other as they are here,
 * so that playlists name what is there. A second attempt writes the same files again.
 */
export async function deliver(
  parts: DeliverParts,
  job: DeliverJob,
  attempt: Attempt,
): Promise<Work> {
  const { storage, observer } = parts;
  const { bucket, folder } = destinationOf(parts.buckets, job.destination);
  const files = await filesOf(storage, job);
  let copied = 0;
  let bytes = 0;
  for (const step of inSteps(files)) {
    await eachOf(step, FILES_AT_ONCE, async ({ key, name }) => {
      attempt.signal.throwIfAborted();
      const body = addAbortSignal(attempt.signal, await openPart(storage, key));
      const written = await asDestinationError(bucket.put(folder + name, body));
      observer.moved('uploaded', written.bytes);
      bytes += written.bytes;
      attempt.advance(++copied / files.length);
    });
  }
  return {
    outcome: {
      kind: 'deliver',
      delivery: { url: job.destination + PLAYBACK, files: files.length, bytes },
    },
    cpuSeconds: 0,
    ffmpegBuild: null,
  };
}

function destinationOf(buckets: Buckets, url: string): { bucket: Bucket; folder: string } {
  const address = readS3Address(url);
  if (!address || (address.key !== '' && !address.key.endsWith('/'))) {
    const message = 'The destination is no address of the form s3://bucket/folder/.';
    throw new JobError('destination_not_allowed', message);
  }
  return { bucket: buckets(address.bucket), folder: address.key };
}

async function filesOf(
  storage: ObjectStore,
  { outputPrefix, partPrefixes, posterKey }: DeliverJob,
): Promise<File[]> {
  const files: File[] = posterKey
    ? [{ key: posterKey, name: `${PLAYBACK}${outputFiles.poster}` }]
    : [];
  const addFolder = async (prefix: string, folder: string) => {
    for await (const { key } of storage.list(prefix)) {
      const name = key.slice(prefix.length);
      // How the parts were made is between the workers.
      if (name !== reportFile) files.push({ key, name: folder + name });
    }
  };
  for (const prefix of partPrefixes) await addFolder(prefix, folderName(prefix));
  await addFolder(outputPrefix, PLAYBACK);
  return files;
}

/** `orders/ord_x/encode-chunk-0-att_y/` is `encode-chunk-0-att_y/` beside the playlists. */
const folderName = (prefix: string): string =>
  prefix.slice(prefix.lastIndexOf('/', prefix.length - 2) + 1);

/** Nobody finds a playlist before all that it names: media, then the tracks' playlists, then what names those. */
function inSteps(files: readonly File[]): File[][] {
  const tops = [outputFiles.hls, outputFiles.dash].map((name) => `${PLAYBACK}${name}`);
  const isTop = ({ name }: File) => tops.includes(name);
  const isPlaylist = ({ name }: File) => name.endsWith('.m3u8');
  return [
    files.filter((file) => !isTop(file) && !isPlaylist(file)),
    files.filter((file) => !isTop(file) && isPlaylist(file)),
    files.filter(isTop),
  ];
}

async function asDestinationError<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    // A body that broke is of our own store.
    if (!(cause instanceof StorageError)) throw cause;
    if (cause.code === 'denied') {
      const message = "The destination's bucket does not let Spillway write: allow it there.";
      throw new JobError('destination_not_allowed', message, { cause });
    }
    const message = "The destination's bucket cannot be written to.";
    throw new JobError('destination_unavailable', message, { cause });
  }
}
