/** A reply as a handler makes it: the SDK adds `$metadata` on the other side. */
export type Output<T> = Omit<T, '$metadata'>;
