import { outputFiles } from '@spillway/contracts';

/** Files that the API always serves itself: they say where the others are. */
const LISTS = /\.(m3u8|mpd|json)$/;

export const isMedia = (name: string): boolean =>
  !LISTS.test(name) && name !== outputFiles.thumbnails;

const xmlText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** RFC 8216: an address stands on a line of its own, or in the attribute URI of a tag. */
function playlistAt(at: string, text: string): string {
  const absolute = (uri: string) => (isMedia(uri) ? new URL(uri, at).href : uri);
  return text
    .split('\n')
    .map((line) => {
      if (line === '') return line;
      if (!line.startsWith('#')) return absolute(line);
      return line.replace(/([A-Z-]+)="([^"]*)"/g, (attribute, name, value) =>
        name === 'URI' ? `URI="${absolute(value)}"` : attribute,
      );
    })
    .join('\n');
}

/** ISO/IEC 23009-1, 5.6: every address of a manifest is relative to its BaseURL. */
const manifestAt = (at: string, text: string): string =>
  text.replace(
    /<MPD\b[^>]*>/,
    (opening) => `${opening}\n  <BaseURL>${xmlText(new URL('.', at).href)}</BaseURL>`,
  );

/** A cue's text is the address of its picture, with its place on the sheet. */
const thumbnailsAt = (at: string, text: string): string =>
  text.replace(/^.+#xywh=.+$/gm, (picture) => new URL(picture, at).href);

/**
 * A file that names others, with the addresses of all media absolute, as if it lay at that address; playlists stay
 * beside it. A file that names none comes back as it is.
 */
export function withMediaAt(at: string, name: string, text: string): string {
  if (name.endsWith('.m3u8')) return playlistAt(at, text);
  if (name.endsWith('.mpd')) return manifestAt(at, text);
  if (name === outputFiles.thumbnails) return thumbnailsAt(at, text);
  return text;
}
