export type Segment =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'expression'; readonly source: string };

/** The text and the `${{ }}` of a scalar. A `}}` inside quotes does not end an expression. */
export function segmentsOf(scalar: string): readonly Segment[] {
  const segments: Segment[] = [];
  let at = 0;
  while (at < scalar.length) {
    const open = scalar.indexOf('${{', at);
    const close = open < 0 ? -1 : endOf(scalar, open + 3);
    if (close < 0) break;
    if (open > at) segments.push({ kind: 'text', text: scalar.slice(at, open) });
    segments.push({ kind: 'expression', source: scalar.slice(open + 3, close) });
    at = close + 2;
  }
  if (at < scalar.length) segments.push({ kind: 'text', text: scalar.slice(at) });
  return segments;
}

function endOf(scalar: string, from: number): number {
  let quoted = false;
  for (let at = from; at < scalar.length; at += 1) {
    if (scalar[at] === "'") quoted = !quoted;
    if (!quoted && scalar.startsWith('}}', at)) return at;
  }
  return -1;
}
