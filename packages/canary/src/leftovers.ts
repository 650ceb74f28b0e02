/** What is in an account where a canary makes something. */
export interface Inventory {
  readonly images: readonly {
    readonly digest: string;
    readonly tags: readonly string[];
    /** Of a document about an image: that image. */
    readonly subject?: string;
  }[];
  /** Task definitions that are active, with the images of their containers. */
  readonly revisions: readonly { readonly arn: string; readonly images: readonly string[] }[];
  /** Task definitions of the service and of its deployments. */
  readonly inUse: readonly string[];
}

/** What is taken away. */
export interface Leftovers {
  readonly revisions: readonly string[];
  /** Documents about the images, by digest. */
  readonly documents: readonly string[];
  readonly images: readonly string[];
}

/**
 * What canaries have made, this one and earlier ones: images whose tags begin with a commit of a canary, the documents about
 * them, and the revisions that run them. What the service runs stays, and what anything else that stays needs.
 */
export function leftoversIn(inventory: Inventory, commits: readonly string[]): Leftovers {
  const isOfCanary = (tag: string) => commits.some((sha) => tag.startsWith(`${sha}-`));
  const made = inventory.images.filter(({ tags }) => tags.some(isOfCanary)).map(({ digest }) => digest);
  const runs = (image: string, digests: readonly string[]) =>
    digests.some((digest) => image.endsWith(`@${digest}`));
  const inUse = new Set(inventory.inUse);
  const [gone, kept] = split(
    inventory.revisions,
    ({ arn, images }) => !inUse.has(arn) && images.some((image) => runs(image, made)),
  );
  const images = made.filter(
    (digest) => !kept.some((revision) => revision.images.some((image) => runs(image, [digest]))),
  );
  return {
    revisions: gone.map(({ arn }) => arn),
    documents: inventory.images
      .filter(({ subject }) => subject !== undefined && images.includes(subject))
      .map(({ digest }) => digest),
    images,
  };
}

function split<T>(all: readonly T[], test: (one: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [all.filter(test), all.filter((one) => !test(one))];
}
