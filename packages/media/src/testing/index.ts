export { type ChunkedEncode, encodeChunked } from './chunked.ts';
export { type ClipOptions, ffmpegForTest, makeClip } from './clip.ts';
export {
  type Colour,
  decodePictures,
  decodeSound,
  type Encoded,
  encodeClip,
  flashFrame,
  type Pictures,
  soundStart,
  writeOutput,
} from './output.ts';
