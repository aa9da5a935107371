/**
 * The environment of ffmpeg and ffprobe. The static ffprobe of npm crashes on every MPEG-TS, whose
 * service names it converts by loading this machine's charset modules into a program that cannot hold
 * them, and a static ffmpeg may as well; away from their folder they do without.
 */
export const ffmpegEnvironment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  GCONV_PATH: '/nonexistent',
});

/** In tests, the ffmpeg that makes clips and reads outputs: the image's own cannot write what they need. */
export const ffmpegOfTests = (): string | undefined => process.env.SPILLWAY_TEST_FFMPEG;
