/**
 * The environment of ffprobe. The static build of npm crashes on every MPEG-TS, whose service names
 * it converts by loading this machine's charset modules into a program that cannot hold them; away
 * from their folder it does without.
 */
export const probeEnvironment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  GCONV_PATH: '/nonexistent',
});
