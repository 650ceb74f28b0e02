/** What a thrown value says. Not `instanceof`: an error of another realm is an error too. */
export function reasonOf(thrown: unknown): string {
  const isError = typeof thrown === 'object' && thrown !== null && 'message' in thrown;
  return String(isError ? thrown.message : thrown);
}
