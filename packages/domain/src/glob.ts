/** Whether a text matches a pattern where `*` matches any characters. Its time is bound by the product of their lengths. */
export function matchesGlob(glob: string, text: string): boolean {
  let at = 0;
  let read = 0;
  let star = -1;
  let resume = 0;
  while (read < text.length) {
    if (glob[at] === '*') {
      star = at;
      resume = read;
      at += 1;
    } else if (at < glob.length && glob[at] === text[read]) {
      at += 1;
      read += 1;
    } else if (star >= 0) {
      at = star + 1;
      resume += 1;
      read = resume;
    } else {
      return false;
    }
  }
  while (glob[at] === '*') at += 1;
  return at === glob.length;
}
