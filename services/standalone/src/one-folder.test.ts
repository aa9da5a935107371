import { expect, test } from '@jest/globals';
import { addressesIn, inOneFolder, isList, placeInFolder } from './one-folder.ts';

test('a playlist names the segments of all chunks in the folder of its rendition', () => {
  const playlist = [
    '#EXTM3U',
    '#EXT-X-MAP:URI="../../encode-chunk-0-att_01ABC/720p/init.mp4"',
    '#EXTINF:4.000000,',
    '../../encode-chunk-0-att_01ABC/720p/00001.m4s',
    '#EXTINF:4.000000,',
    '../../encode-chunk-12-att_01DEF/720p/00002.m4s',
  ];
  expect(inOneFolder(playlist.join('\n')).split('\n')).toEqual([
    '#EXTM3U',
    '#EXT-X-MAP:URI="../720p/init.mp4"',
    '#EXTINF:4.000000,',
    '../720p/00001.m4s',
    '#EXTINF:4.000000,',
    '../720p/00002.m4s',
  ]);
});

test('a manifest names them from where it lies', () => {
  const line = '<SegmentURL media="../encode-audio-0-att_01ABC/audio/$Number%05d$.m4s"/>';
  expect(inOneFolder(line)).toBe('<SegmentURL media="audio/$Number%05d$.m4s"/>');
});

test('pictures of several chunks do not take the place of each other', () => {
  const cue = (chunk: number) =>
    `../encode-chunk-${chunk}-att_01ABC/thumbnails-00001.jpg#xywh=0,0,160,90`;
  expect([0, 1].map((chunk) => inOneFolder(cue(chunk)))).toEqual([
    'chunk-0-thumbnails-00001.jpg#xywh=0,0,160,90',
    'chunk-1-thumbnails-00001.jpg#xywh=0,0,160,90',
  ]);
});

test('a file comes to lie where lists name it', () => {
  expect(placeInFolder('playback/720p/playlist.m3u8')).toBe('720p/playlist.m3u8');
  expect(placeInFolder('encode-chunk-3-att_01ABC/720p/00013.m4s')).toBe('720p/00013.m4s');
  expect(placeInFolder('encode-chunk-3-att_01ABC/thumbnails-00001.jpg')).toBe(
    'chunk-3-thumbnails-00001.jpg',
  );
});

test('captions lie beside the renditions', () => {
  const playlist = '#EXTINF:4.000000,\n../../prepare-0-att_01ABC/captions-1-en/00001.vtt\n';
  expect(inOneFolder(playlist)).toBe('#EXTINF:4.000000,\n../captions-1-en/00001.vtt\n');
  const manifest = '<BaseURL>../prepare-0-att_01ABC/captions-1-en/all.vtt</BaseURL>';
  expect(inOneFolder(manifest)).toBe('<BaseURL>captions-1-en/all.vtt</BaseURL>');
  expect(addressesIn('manifest.mpd', manifest)).toEqual([
    '../prepare-0-att_01ABC/captions-1-en/all.vtt',
  ]);
  expect(placeInFolder('prepare-0-att_01ABC/captions-1-en/all.vtt')).toBe('captions-1-en/all.vtt');
  expect(isList('captions-1-en/all.vtt')).toBe(false);
  expect(isList('thumbnails.vtt')).toBe(true);
});

test('an output that was encoded whole stays as it is', () => {
  const playlist = '#EXT-X-MAP:URI="init.mp4"\n00001.m4s\n';
  expect(inOneFolder(playlist)).toBe(playlist);
});

test('every file that a list names is found', () => {
  const playlist = '#EXTM3U\n#EXT-X-MEDIA:URI="audio/playlist.m3u8"\n720p/playlist.m3u8\n';
  expect(addressesIn('master.m3u8', playlist)).toEqual([
    'audio/playlist.m3u8',
    '720p/playlist.m3u8',
  ]);
  const vtt = 'WEBVTT\n\n00:00:00.000 --> 00:00:04.000\nsheet.jpg#xywh=0,0,160,90\n';
  expect(addressesIn('thumbnails.vtt', vtt)).toEqual(['sheet.jpg']);
});
