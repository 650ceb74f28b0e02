import { type ByteSource, joined } from '../byte-source.ts';
import type { Rootfs } from '../rootfs.ts';

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** `user` or `user:group`, as numbers. Without a group, the user's number is the group's number too. */
export function ownerOf(written: string): Owner {
  const [user = '0', group = user] = written.replaceAll('root', '0').split(':');
  return { uid: Number(user), gid: Number(group) };
}

/** The same with names, which the image's own lists know. For one that they do not know BuildKit takes root. */
export async function ownerIn(files: Rootfs<ByteSource>, written: string): Promise<Owner> {
  const [user = '', group = ''] = (written || '0').split(':');
  const known =
    numberIn(user) === undefined ? await rowNamed(files, '/etc/passwd', user) : ['', '', user, user];
  const [uid, gid] = [numberIn(known?.[2]) ?? 0, numberIn(known?.[3]) ?? 0];
  if (group === '') return { uid, gid };
  const row = numberIn(group) === undefined ? await rowNamed(files, '/etc/group', group) : ['', '', group];
  return { uid, gid: numberIn(row?.[2]) ?? gid };
}

function numberIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** The fields of the line about a name. */
async function rowNamed(
  files: Rootfs<ByteSource>,
  path: string,
  name: string,
): Promise<readonly string[] | undefined> {
  const list = files.get(files.resolve(path, true));
  const text = list?.kind === 'file' ? (await joined(list.content.read())).toString() : '';
  return text
    .split('\n')
    .map((line) => line.split(':'))
    .find(([first]) => first === name);
}
