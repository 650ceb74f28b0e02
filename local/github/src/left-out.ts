/** What somebody might believe of this GitHub that is not so. Each is one sentence. */
const LEFT_OUT = [
  'Jobs run on this machine, whatever runs-on says. A job with container or services is refused.',
  'Actions of others are refused, but for checkout, artifacts and attestations, which are stand-ins.',
  "Caches are kept in memory, and only by the second version of the cache service. The library under actions/cache takes this GitHub for an Enterprise Server, by its address, and uses no cache; buildx's type=gha does.",
  'Shells are bash, sh, python, and a command of your own with {0}.',
  'Routes of the API that are not here answer 501, and members of a request that nothing acts on are refused. There is no GraphQL.',
] as const;

/** What this GitHub does not do, a line each. */
export function leftOut(): readonly string[] {
  return LEFT_OUT;
}
