/**
 * The environment of ffmpeg and ffprobe. Static builds of a certain make, such as npm's ffprobe,
 * crash on every MPEG-TS, whose service names they convert by loading this machine's charset modules
 * into a program that cannot hold them; away from their folder they do without.
 */
export const ffmpegEnvironment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  GCONV_PATH: '/nonexistent',
});
