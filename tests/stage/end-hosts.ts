/** What `share-hosts.ts` has opened for all suites. */
export const hosts: { served?: { close(): void } } = {};

export default function endHosts(): void {
  hosts.served?.close();
}
