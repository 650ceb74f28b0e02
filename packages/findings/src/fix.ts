/** The version that mends something; the registry writes "NotAvailable" where there is none. */
export function fixOf(said: string | null | undefined): string | undefined {
  const version = said?.trim() ?? '';
  return version === '' || /^not[\s_-]?available$/i.test(version) ? undefined : version;
}
