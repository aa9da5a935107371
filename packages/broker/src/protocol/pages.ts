/** A page of names in order; the token is the last name of the page before. */
export function pageOf<T>(
  items: T[],
  nameOf: (item: T) => string,
  max: number | undefined,
  token: string | undefined,
): { page: T[]; next: string | undefined } {
  const sorted = items.sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
  const after = token === undefined ? '' : Buffer.from(token, 'base64').toString();
  const rest = sorted.filter((item) => nameOf(item) > after);
  const page = rest.slice(0, max ?? 1000);
  const last = page.at(-1);
  const more = last !== undefined && page.length < rest.length;
  return { page, next: more ? Buffer.from(nameOf(last)).toString('base64') : undefined };
}
