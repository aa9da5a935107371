import { join } from 'node:path';
import { ffmpegForTest } from '@spillway/media/testing';

export const FRAMES_PER_SECOND = 25;
export const FILM_SECONDS = 48;

/**
 * A film whose frames show their number: of 16 columns, the nth is white when bit n is set. Its pixels are worth
 * several chunks, and it is encoded much faster than it plays all the same.
 */
export async function makeNumberedFilm(folder: string): Promise<string> {
  const path = join(folder, 'film.mp4');
  const columns = `color=c=black:s=16x9:r=${FRAMES_PER_SECOND},format=gray`;
  const bits = String.raw`geq=lum='if(bitand(N\,pow(2\,X))\,235\,16)'`;
  await ffmpegForTest([
    ...['-f', 'lavfi', '-i', `${columns},${bits},scale=1920:1080:flags=neighbor,format=yuv420p`],
    ...['-f', 'lavfi', '-i', 'sine=440:r=48000'],
    ...['-t', String(FILM_SECONDS), '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50'],
    ...['-c:a', 'aac', path],
  ]);
  return path;
}

/** WebVTT with one cue for each second. */
export const numberedCaptions = (): string => {
  const clock = (seconds: number) => new Date(seconds * 1000).toISOString().slice(11, 23);
  const cues = Array.from(
    { length: FILM_SECONDS },
    (_, second) => `${clock(second)} --> ${clock(second + 1)}\nsecond ${second}\n`,
  );
  return `WEBVTT\n\n${cues.join('\n')}`;
};
