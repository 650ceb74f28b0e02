/** A node id that is stable and opaque, as GitHub's are. */
export function nodeId(kind: string, id: number | string): string {
  return Buffer.from(`0:${kind}:${id}`).toString('base64url');
}
