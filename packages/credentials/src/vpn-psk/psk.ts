/** What AWS allows in a pre-shared key: 64 characters, so six bits of a random byte choose one without a bias. */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._';
const LENGTH = 64;

/** A key as long as AWS allows. What begins with a zero is refused there, and drawn again here. */
export function drawPsk(random: (bytes: number) => Uint8Array): string {
  for (;;) {
    const psk = [...random(LENGTH)].map((byte) => LETTERS.charAt(byte & 63)).join('');
    if (!psk.startsWith('0')) return psk;
  }
}
