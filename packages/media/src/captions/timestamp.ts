/** Hours, minutes, seconds and milliseconds (WebVTT, 3.3). */
export function timestamp(milliseconds: number): string {
  const parts = new Date(milliseconds).toISOString().slice(13, 23);
  return `${String(Math.floor(milliseconds / 3_600_000)).padStart(2, '0')}${parts}`;
}
