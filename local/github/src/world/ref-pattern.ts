/** Patterns of refs as environments and rulesets have them: `*` does not cross a slash (GitHub, "Available rules for rulesets"). */
export function matchesPattern(pattern: string, name: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/\*\*?/g, (stars) => (stars === '**' ? '.*' : '[^/]*'))
    .replaceAll('?', '[^/]');
  return new RegExp(`^${source}$`).test(name);
}
