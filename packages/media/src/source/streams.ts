import { JobError } from '@spillway/contracts';
import { parseRational, rational, toNumber } from '../rational.ts';
import { limits } from '../settings.ts';
import type { Probe, ProbedStream } from './ffprobe.ts';

const unsupported = (message: string) => new JobError('source_unsupported', message);

/** The stream marked as default, else the first. */
const preferred = (streams: readonly ProbedStream[]): ProbedStream | undefined =>
  streams.find(({ disposition }) => disposition.default === 1) ?? streams[0];

/** The picture of the source; cover art is none. Throws a JobError when there is none to decode. */
export function chooseVideo({ streams }: Probe): ProbedStream {
  const videos = streams.filter(({ codec_type }) => codec_type === 'video');
  const stream = preferred(videos.filter(({ disposition }) => disposition.attached_pic !== 1));
  if (!stream)
    throw new JobError(
      'source_no_video',
      videos.length > 0
        ? 'The source is sound with a cover image; it has no video.'
        : 'The source has no video, only sound or data.',
    );
  const dolby = stream.side_data_list.find(({ dv_profile }) => dv_profile !== undefined);
  if (dolby?.dv_profile === 5)
    throw unsupported(
      'The source is Dolby Vision profile 5, whose colours only its decoders know.',
    );
  if (stream.codec_tag_string === 'encv' || stream.codec_tag_string === 'drmi')
    throw unsupported('The source is encrypted; send it without copy protection.');
  if (stream.codec_name === 'unknown' || stream.codec_name === 'none' || !stream.pix_fmt)
    throw unsupported(
      'The video of the source cannot be decoded: its format is unknown or its data is damaged.',
    );
  return stream;
}

/** Codecs that say it picture by picture only, and often are. */
const interlacedUnsaid = ['dvvideo', 'mpeg4'];

/** Whether pictures may be interlaced; those that do not say so themselves stay as they are. */
export const isInterlaced = ({ codec_name, field_order = 'unknown' }: ProbedStream): boolean =>
  field_order === 'unknown'
    ? interlacedUnsaid.includes(codec_name)
    : ['tt', 'bb', 'tb', 'bt'].includes(field_order);

/** The sound of the source; undefined without one that can be decoded. */
export const chooseAudio = ({ streams }: Probe): ProbedStream | undefined =>
  preferred(
    streams.filter(
      ({ codec_type, codec_name, channels, sample_rate }) =>
        codec_type === 'audio' && codec_name !== 'unknown' && channels && sample_rate,
    ),
  );

/** Degrees; a matrix of zeros turns nothing, and comes from ffprobe as an impossible number. */
function rotationOf({ side_data_list }: ProbedStream): number {
  const degrees = side_data_list.find(({ rotation }) => rotation !== undefined)?.rotation ?? 0;
  return Math.abs(degrees) <= 360 ? degrees : 0;
}

/** As shown: pixels made square by changing the width only, then rotated. */
export function shownSize(stream: ProbedStream): { width: number; height: number } {
  const { width = 0, height = 0 } = stream;
  const aspect = toNumber(parseRational(stream.sample_aspect_ratio) ?? rational(1, 1));
  if (aspect > limits.maxSampleAspectRatio || aspect < 1 / limits.maxSampleAspectRatio)
    throw unsupported(`The pixels of the source are ${aspect.toFixed(2)} times as wide as high.`);
  const rotation = rotationOf(stream);
  if (rotation % 90 !== 0)
    throw unsupported(`The source is rotated by ${rotation} degrees; only right angles are shown.`);
  const square = { width: Math.round(width * aspect), height };
  return rotation % 180 === 0 ? square : { width: square.height, height: square.width };
}
