import { type FailureCode, JobError } from '@spillway/contracts';
import type { FfmpegLog } from './log.ts';

/** A run of ffmpeg that failed, with what the engineer on call wants to see. */
export class EncodeError extends JobError {
  /** The last lines of ffmpeg, oldest first, at most 20. */
  readonly log: string[];
  readonly cpuSeconds: number;
  /** How it ended, `code 1` or `signal SIGKILL`. */
  readonly exit: string | null;

  constructor(
    code: FailureCode,
    message: string,
    log: Pick<FfmpegLog, 'lines' | 'cpuSeconds' | 'exit'>,
  ) {
    super(code, message);
    this.name = 'EncodeError';
    this.log = log.lines;
    this.cpuSeconds = log.cpuSeconds;
    this.exit = log.exit;
  }
}

type Cause = { words: RegExp; code: FailureCode; message: string };

const fullDisk: Cause = {
  words: /No space left on device|Disk quota exceeded/,
  code: 'storage_unavailable',
  message: 'The disk of the worker is full; the encode is tried again later.',
};

/**
 * How ffmpeg and ffprobe tell of an object store that fails. Of a local file "Input/output error" is
 * said too when its content ends early, as by the demuxer of Matroska.
 */
const storeFault =
  /\[(https?|tls|tcp) @|https?:\S+: Input\/output error|HTTP error|Server returned|Connection (refused|reset|timed out)|Stream ends prematurely/;

export const isStoreFault = (said: string): boolean => storeFault.test(said);

/** ffmpeg's own words for faults of what is around it, for which the source is not to blame. */
const surroundings: Cause[] = [
  fullDisk,
  {
    words: storeFault,
    code: 'storage_unavailable',
    message: 'The source could not be read from the object store; the encode is tried again later.',
  },
];

const faultsOfTheSource: Cause[] = [
  {
    words: /not on whitelist/i,
    code: 'source_not_allowed',
    message: 'The source names other files or hosts, which are never read; send the media itself.',
  },
  {
    words: /Decoder \(codec .*\) not found|Unknown decoder/,
    code: 'source_unsupported',
    message: 'The source is in a format that this ffmpeg cannot decode; send H.264 or the like.',
  },
  {
    words: /Changing (audio )?frame properties on the fly is not supported/,
    code: 'source_unsupported',
    message:
      'The sound of the source changes its format in the middle; write it anew and send it again.',
  },
  {
    words:
      /Invalid data found when processing input|Error while decoding|moov atom not found|Decoding error/i,
    code: 'source_truncated',
    message: 'The media data of the source is damaged and cannot be decoded; send it again.',
  },
];

function findCause(causes: readonly Cause[], log: FfmpegLog): EncodeError | null {
  const said = log.errors.join('\n');
  const cause = causes.find(({ words }) => words.test(said));
  return cause ? new EncodeError(cause.code, cause.message, log) : null;
}

/** Old builds of ffmpeg end as if all were well when the disk is full at the very end. */
export const readDiskFault = (log: FfmpegLog): EncodeError | null => findCause([fullDisk], log);

/** A disk or an object store that failed during a run; null when nothing in the log says so. */
export const readFault = (log: FfmpegLog): EncodeError | null => findCause(surroundings, log);

/** Tells a fault of the source or the disk apart from a fault of ours. */
export function explainFailure(log: FfmpegLog): EncodeError {
  const cause = findCause([...surroundings, ...faultsOfTheSource], log);
  if (cause) return cause;
  const last = (log.errors.at(-1) ?? log.lines.at(-1) ?? 'it said nothing').trim();
  return new EncodeError('encode_failed', `ffmpeg ended with ${log.exit}: ${last}`, log);
}

/** What reads an output throws a RangeError when it is not whole; anything else stays what it is. */
export const explainRefusal = (error: unknown, log: FfmpegLog): unknown =>
  error instanceof RangeError
    ? (readFault(log) ??
      new EncodeError('output_not_whole', `An output of ffmpeg is broken: ${error.message}`, log))
    : error;
