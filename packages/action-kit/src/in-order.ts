/** Waits for all that was asked at once. Of several failures it throws the first in the list, however fast the others came. */
export async function inOrder<Asked extends readonly unknown[] | []>(
  asked: Asked,
): Promise<{ -readonly [Each in keyof Asked]: Awaited<Asked[Each]> }> {
  await Promise.allSettled(asked);
  return Promise.all(asked);
}
