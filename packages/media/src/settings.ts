/**
 * Every choice and limit of the encoding, in one place, with its unit in its name. They are part of
 * what an order means: a change changes pictures, so it belongs into a commit of its own.
 */

export const ladder = {
  /** Heights of the rungs; for a portrait picture these are its short side. */
  rungLines: [1080, 720, 480, 360, 240],
  /** A source this much larger than the next rung keeps its own size as its top rung. */
  ownRungFactor: 1.1,
  /** Rungs must be this far below a top rung of the source's own size, or say nothing new. */
  rungDistanceFactor: 1.2,
} as const;

export const video = {
  profile: 'high',
  crf: 23,
  segmentSeconds: 4,
  highestFramesPerSecond: 60,
  /** The cap of 1920x1080 at 30 frames a second; others follow in `maxBitsPerSecond`. */
  fullHdBitsPerSecond: 5_000_000,
  /** Smaller pictures need more bits a pixel: bits grow with pixels to this power. */
  bitsPerPixelExponent: 0.8,
  /** The decoder's buffer, in seconds of the cap. */
  bufferSeconds: 1.5,
} as const;

export const chunks = {
  /**
   * Work of a chunk: short enough that many workers share one film and little is lost with one of
   * them, long enough that starting and seeking cost nothing beside it.
   */
  coreSeconds: 20,
  /** A source of less work is encoded whole. */
  leastCoreSeconds: 40,
  mostChunks: 2000,
  /** Of fewer, x264 knows its reordering delay not yet, and the init segment is another one. */
  leastFrames: 3,
  /** Each chunk decodes from its last key frame on; further apart, that is work done again and again. */
  mostChunksPerKeyFrame: 2,
} as const;

export const audio = {
  /** Kept as they are; any other rate becomes the first. */
  sampleRatesHz: [48_000, 44_100],
  stereoBitsPerSecond: 128_000,
  monoBitsPerSecond: 80_000,
  /**
   * Sound outside the picture is cut when it is shorter than this: the delays of encoders and
   * containers, not content. Longer, it is kept, and the first or the last picture is held.
   */
  longestCutBeforeSeconds: 0.15,
  longestCutAfterSeconds: 0.5,
} as const;

export const poster = {
  /** Early, but past the black of most beginnings: this part of the video, at most so far in. */
  atFraction: 0.1,
  latestSeconds: 3,
  maxLines: 720,
  /** mjpeg's scale, 2 best, 31 worst. */
  quality: 3,
} as const;

export const thumbnails = {
  longSidePixels: 160,
  mostColumns: 10,
  mostRows: 10,
  /** mjpeg's scale, 2 best, 31 worst. */
  quality: 5,
  sheetName: (index: number): string => `thumbnails-${String(index + 1).padStart(5, '0')}.jpg`,
  /** The same as ffmpeg's image2 muxer writes it. */
  sheetPattern: 'thumbnails-%05d.jpg',
} as const;

export const run = {
  /**
   * That one core decodes, scales and encodes; 60 to 110 million were measured. Only an order of
   * magnitude is asked of it: whether a source is short, whether a job is nearly done.
   */
  pixelsPerCoreSecond: 50_000_000,
  /**
   * Work of each speed as a multiple of veryfast's: means of two kinds of 720p with their ladders, by the
   * builds of 2018 and of Debian, which lie up to 0.2 apart (ultrafast: 0.48 to 0.88).
   */
  workOfSpeed: {
    ultrafast: 0.7,
    superfast: 0.8,
    veryfast: 1,
    faster: 1.4,
    fast: 1.6,
    medium: 1.8,
    slow: 2.6,
  },
  /** Up to here an encode gets one thread: about 15 s of 480p, or 6 s of 720p, with their ladders. */
  oneThreadCoreSeconds: 5,
  /** Nice value of ffmpeg, so that the programs beside it stay responsive. */
  niceness: 10,
  /** So much more of what others are waited for instead: they get three times its share. */
  yieldedNiceness: 5,
  /** While ffmpeg moves data within a file it tells nothing, so its watchdog waits by this. */
  slowestDiskBytesPerSecond: 20_000_000,
  logLines: 20,
} as const;

/** What is refused as `source_unsupported`: beyond it a header lies or an encode never pays. */
export const limits = {
  shortestSidePixels: 16,
  longestSidePixels: 8192,
  maxPixels: 8192 * 4320,
  maxDurationSeconds: 24 * 3600,
  maxFrames: 24 * 3600 * 120,
  maxFramesPerSecond: 1000,
  maxSampleAspectRatio: 8,
  /** Between the beginnings of picture and sound. */
  maxStartOffsetSeconds: 600,
  /** Of an MP4 index that we read ourselves, ten hours and more; ffprobe reads any. */
  maxPlainIndexBytes: 32 * 1024 * 1024,
  maxPlainSamples: 2_000_000,
  maxStreams: 100,
  /** Of memory that ffmpeg takes at once: a header of a few bytes can ask for gigabytes. */
  maxBlockBytes: 512 * 1024 * 1024,
  /** Missing media data beyond this is a truncated source. */
  maxMissingSeconds: 1,
  /** ffprobe that tells nothing for so long hangs. */
  probeStallSeconds: 60,
} as const;

/**
 * Demuxers that read one file and nothing that it names. Playlists (hls, dash, concat, image2, sdp)
 * are left out on purpose: they make ffmpeg read other files and hosts. So are raw streams without
 * times.
 */
export const allowedDemuxers = [
  'mov,mp4,m4a,3gp,3g2,mj2',
  'matroska,webm',
  'mpegts',
  'mpeg',
  'avi',
  'flv',
  'asf',
  'ogg',
  'mxf',
  'gxf',
  'nut',
  'ivf',
  'dv',
  'rm',
  'wtv',
  'gif',
  'mp3',
  'aac',
  'ac3',
  'eac3',
  'flac',
  'wav',
  'w64',
  'aiff',
  'amr',
  'caf',
] as const;
