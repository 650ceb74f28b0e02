/** A path that a request line can hold as it is. */
export const PROBE_PATH = /^\/[A-Za-z0-9._~!$&'()*+,;=:@%/-]{0,199}$/;

/** What a probe asks for by default. */
export const UNNAMED_PROBE = { status: '200', seconds: 5 } as const;

/** `200`, or `200-299` from a lower status to a higher one. */
export function isStatusRange(text: string): boolean {
  const [from = '', to = from] = /^([1-5]\d\d)(?:-([1-5]\d\d))?$/.exec(text)?.slice(1).filter(Boolean) ?? [];
  return from !== '' && from <= to;
}
