/**
 * The environment of ffmpeg and ffprobe. The static ffprobe of npm crashes on every MPEG-TS, whose
 * service names it converts by loading this machine's charset modules into a program that cannot hold
 * them, and a static ffmpeg may as well; away from their folder they do without.
 */
export const ffmpegEnvironment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  GCONV_PATH: '/nonexistent',
});
