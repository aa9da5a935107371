import { outputFiles } from '@spillway/contracts';

/** Of an output whose parts lie beside it, each under the attempt that made it: one folder that plays by itself. */

/** A part as lists name it from the output's own folder, `../encode-chunk-3-att_x/`. */
const BESIDE = /\.\.\/(?:encode-)?(chunk|audio|prepare)-(\d+)-att_\w+\/([^"#<\s]+)/g;

/** `720p/00013.m4s` is unique in an output; pictures are numbered by each chunk anew. */
const nameOfPart = (kind: string, index: string, file: string): string =>
  file.includes('/') ? file : `${kind}-${index}-${file}`;

/** A playlist, manifest or thumbnail list that names its files where `placeInFolder` puts them. */
export const inOneFolder = (list: string): string =>
  list.replace(BESIDE, (_address, kind, index, file) => nameOfPart(kind, index, file));

/** Where a file comes to lie, by its path below the order: `playback/...` or `encode-chunk-3-att_x/...`. */
export function placeInFolder(path: string): string {
  const own = /^playback\/(.+)$/.exec(path)?.[1];
  return own ?? inOneFolder(`../${path}`);
}

const isThumbnails = (name: string): boolean => name === outputFiles.thumbnails;

export const isList = (name: string): boolean => /\.(m3u8|mpd)$/.test(name) || isThumbnails(name);

/** The files that a list names; those of a DASH manifest are those of the playlists, and captions in one file. */
export function addressesIn(name: string, list: string): string[] {
  const lines = list.split(/\r?\n/).filter((line) => line !== '');
  if (isThumbnails(name)) {
    return lines.filter((line) => line.includes('#xywh=')).map((line) => line.replace(/#.*/, ''));
  }
  if (name.endsWith('.mpd')) {
    return [...list.matchAll(/<BaseURL>([^<]+\.vtt)</g)].map(([, uri = '']) => uri);
  }
  return lines.flatMap((line) =>
    line.startsWith('#') ? [...line.matchAll(/URI="([^"]+)"/g)].map(([, uri = '']) => uri) : line,
  );
}
