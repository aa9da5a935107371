import { expect, test } from '@jest/globals';
import { isMedia, withMediaAt } from './media-addresses.ts';

const PREFIX = 'https://cdn.example.com/signed/t.ok/orders/ord_1/package-0-att_9';

test('segments and their init come from there, playlists stay beside the playlist', () => {
  const video = [
    '#EXTM3U',
    '#EXT-X-MAP:URI="../../encode-chunk-0-att_1/720p/init.mp4"',
    '#EXTINF:4.000000,',
    '../../encode-chunk-0-att_1/720p/00001.m4s',
    '#EXTINF:4.000000,',
    '00002.m4s',
    '#EXT-X-ENDLIST',
    '',
  ].join('\n');
  expect(
    withMediaAt(`${PREFIX}/720p/playlist.m3u8`, '720p/playlist.m3u8', video).split('\n'),
  ).toEqual([
    '#EXTM3U',
    '#EXT-X-MAP:URI="https://cdn.example.com/signed/t.ok/orders/ord_1/encode-chunk-0-att_1/720p/init.mp4"',
    '#EXTINF:4.000000,',
    'https://cdn.example.com/signed/t.ok/orders/ord_1/encode-chunk-0-att_1/720p/00001.m4s',
    '#EXTINF:4.000000,',
    `${PREFIX}/720p/00002.m4s`,
    '#EXT-X-ENDLIST',
    '',
  ]);
  const master = [
    '#EXTM3U',
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Default",URI="audio/playlist.m3u8"',
    // A label is the customer's, and no address, whatever it says.
    '#EXT-X-MEDIA:TYPE=SUBTITLES,NAME="a,URI=",LANGUAGE="en",URI="captions-1-en/playlist.m3u8"',
    '#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="audio"',
    '720p/playlist.m3u8',
    '',
  ].join('\n');
  expect(withMediaAt(`${PREFIX}/master.m3u8`, 'master.m3u8', master)).toBe(master);
});

test('a manifest’s relative addresses begin there', () => {
  const manifest = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static">',
    '  <Period id="1" start="PT0S">',
    '  </Period>',
    '</MPD>',
  ].join('\n');
  const moved = withMediaAt(`${PREFIX}/manifest.mpd`, 'manifest.mpd', manifest);
  expect(moved).toMatch(/<MPD [^>]+>\n {2}<BaseURL>https:[^<]+<\/BaseURL>\n {2}<Period /);
  expect(moved.replace(`\n  <BaseURL>${PREFIX}/</BaseURL>`, '')).toBe(manifest);
  expect(withMediaAt('https://c/a&b/m.mpd', 'm.mpd', '<MPD>')).toContain('https://c/a&amp;b/');
});

test('pictures for scrubbing keep their place on the sheet', () => {
  const cues =
    'WEBVTT\n\n00:00:00.000 --> 00:00:04.000\n../encode-chunk-0-att_1/thumbnails-1.jpg#xywh=0,0,160,90\n';
  expect(withMediaAt(`${PREFIX}/thumbnails.vtt`, 'thumbnails.vtt', cues)).toBe(
    'WEBVTT\n\n00:00:00.000 --> 00:00:04.000\nhttps://cdn.example.com/signed/t.ok/orders/ord_1/encode-chunk-0-att_1/thumbnails-1.jpg#xywh=0,0,160,90\n',
  );
});

test('what names others is no media', () => {
  const files = ['master.m3u8', 'manifest.mpd', 'qc.json', 'thumbnails.vtt'];
  expect(files.filter(isMedia)).toEqual([]);
  const media = ['720p/00001.m4s', '720p/init.mp4', 'poster.jpg', 'video.mp4', 'captions/en.vtt'];
  expect(media.filter(isMedia)).toEqual(media);
  expect(withMediaAt(`${PREFIX}/qc.json`, 'qc.json', '{"a":"b.jpg"}')).toBe('{"a":"b.jpg"}');
});
