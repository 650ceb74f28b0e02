import type { Call, Reply } from './call.ts';

/** One page of a list, with GitHub's `Link` header. `wrap` makes the body, given the page and the number of all. */
export function page<Item>(
  call: Call,
  items: readonly Item[],
  wrap: (items: readonly Item[], total: number) => unknown = (some) => some,
): Reply {
  const { from, to, number, size } = windowOf(call);
  const last = Math.max(1, Math.ceil(items.length / size));
  const links = [
    ...(number > 1 ? [link(call, number - 1, 'prev')] : []),
    ...(number < last ? [link(call, number + 1, 'next'), link(call, last, 'last')] : []),
    ...(number > 1 ? [link(call, 1, 'first')] : []),
  ];
  return {
    status: 200,
    body: wrap(items.slice(from, to), items.length),
    ...(links.length > 0 ? { headers: { link: links.join(', ') } } : {}),
  };
}

/** `per_page` is 30 unless told, 100 at most. */
export function windowOf({ query }: Call): {
  readonly from: number;
  readonly to: number;
  readonly number: number;
  readonly size: number;
} {
  const size = Math.min(100, positive(query.get('per_page'), 30));
  const number = positive(query.get('page'), 1);
  return { from: (number - 1) * size, to: number * size, number, size };
}

function positive(text: string | null, otherwise: number): number {
  const value = Number(text ?? otherwise);
  return Number.isInteger(value) && value > 0 ? value : otherwise;
}

function link({ world, path, query }: Call, number: number, relation: string): string {
  const target = new URL(`${world.url}/api/v3${path}`);
  for (const [name, value] of query) target.searchParams.set(name, value);
  target.searchParams.set('page', String(number));
  return `<${target.href}>; rel="${relation}"`;
}
