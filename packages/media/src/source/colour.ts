import type { Colour } from '@spillway/contracts';
import { JobError } from '@spillway/contracts';

const hdrTransfers = ['smpte2084', 'arib-std-b67'];
export const isHdr = (transfer: string | undefined): boolean =>
  hdrTransfers.includes(transfer ?? '');

export const isRgb = (pixelFormat: string): boolean =>
  /^(gbr|rgb|bgr|argb|abgr|pal8|0rgb|0bgr)/.test(pixelFormat);

/** What ffprobe writes where ffmpeg's options, old ones too, want another word. */
const transferNames: Record<string, string> = { bt470bg: 'gamma28', bt470m: 'gamma22' };

const matrices = ['bt709', 'fcc', 'bt470bg', 'smpte170m', 'smpte240m', 'bt2020nc'];
/** Of these the last two are DCI-P3 and Display P3, which phones and Macs record in. */
const primaryNames = [
  'bt709',
  'bt470m',
  'bt470bg',
  'smpte170m',
  'smpte240m',
  'film',
  'bt2020',
  'smpte431',
  'smpte432',
];
const transfers = [
  'bt709',
  'gamma22',
  'gamma28',
  'smpte170m',
  'smpte240m',
  'iec61966-2-1',
  'iec61966-2-4',
  'bt1361e',
  'bt2020-10',
  'bt2020-12',
  ...hdrTransfers,
];

function known(value: string | undefined, names: readonly string[], guess: string): string {
  if (value === undefined || value === 'unknown' || value === 'reserved') return guess;
  if (names.includes(value)) return value;
  throw new JobError(
    'source_unsupported',
    `The colours of the source (${value}) are not supported; convert it to BT.709 and send it again.`,
  );
}

/** As told by ffprobe; what is not told is guessed from the lines, as players do. */
export function colourOf(
  told: {
    matrix?: string | undefined;
    primaries?: string | undefined;
    transfer?: string | undefined;
  },
  pixelFormat: string,
  lines: number,
): Colour {
  if (isRgb(pixelFormat)) return { matrix: 'bt709', primaries: 'bt709', transfer: 'bt709' };
  const guess = lines >= 720 ? 'bt709' : 'smpte170m';
  const transfer = transferNames[told.transfer ?? ''] ?? told.transfer;
  return {
    matrix: known(told.matrix, matrices, guess),
    primaries: known(told.primaries, primaryNames, guess),
    transfer: known(transfer, transfers, guess),
  };
}
