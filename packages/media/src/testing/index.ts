export { type ClipOptions, ffmpegForTest, makeClip } from './clip.ts';
