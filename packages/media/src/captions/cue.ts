/** Times are milliseconds from the beginning of the film. */
export type Cue = {
  startMs: number;
  endMs: number;
  /** WebVTT settings that say where it stands, with a space before each; empty for the usual place. */
  settings: string;
  /** WebVTT cue text of one line or more, none of them empty. */
  text: string;
};
