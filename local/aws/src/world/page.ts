/** What is asked of a list: from the token of an earlier page on, and how much at most. */
interface Asked {
  readonly token: string | undefined;
  readonly size: number;
  /** The service's refusal of a token that no page gave. */
  readonly refused: () => Error;
}

/** One page of a list, and the token of the next, which says its place to nobody else. */
export function pageOf<Item>(
  all: readonly Item[],
  { token, size, refused }: Asked,
): { readonly items: Item[]; readonly next: string | undefined } {
  const from = token === undefined ? 0 : placeIn(token);
  if (from === undefined) throw refused();
  const to = from + size;
  return { items: all.slice(from, to), next: to < all.length ? tokenFor(to) : undefined };
}

const tokenFor = (place: number) => Buffer.from(`from ${place}`).toString('base64url');

function placeIn(token: string): number | undefined {
  const place = /^from (\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  return place === undefined || tokenFor(Number(place)) !== token ? undefined : Number(place);
}
