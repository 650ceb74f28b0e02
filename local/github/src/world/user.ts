import { newToken } from './tokens.ts';
import type { World } from './world.ts';

export interface User {
  readonly login: string;
  readonly id: number;
  readonly type: 'User' | 'Organization' | 'Bot';
  /** Addresses by which a commit's author or committer is known to be this user, in lower case. */
  readonly emails: readonly string[];
  /** A personal token that may do whatever the user may. */
  readonly token: string;
  /** What an organisation pays for; `enterprise` until a test changes it. */
  plan: 'free' | 'team' | 'enterprise';
}

export interface NewUser {
  readonly login: string;
  readonly id: number;
  readonly type?: User['type'];
  readonly emails?: readonly string[];
}

/** Every user also has the two addresses that GitHub gives at `users.noreply.github.com`. */
export function addUser(world: World, { login, id, type = 'User', emails = [] }: NewUser): User {
  const known = world.users.get(login.toLowerCase());
  if (known) {
    if (known.id !== id) throw new Error(`The user ${login} exists with the id ${known.id}, not ${id}.`);
    return known;
  }
  const given = [`${id}+${login}@users.noreply.github.com`, `${login}@users.noreply.github.com`, ...emails];
  const user: User = {
    login,
    id,
    type,
    emails: given.map((email) => email.toLowerCase()),
    token: newToken('ghp'),
    plan: type === 'Organization' ? 'enterprise' : 'free',
  };
  world.users.set(login.toLowerCase(), user);
  world.tokens.set(user.token, { kind: 'user', user });
  return user;
}

export function userNamed(world: World, login: string): User {
  const user = world.users.get(login.toLowerCase());
  if (!user) throw new Error(`There is no user ${login}. Users: ${[...world.users.keys()].join(', ')}.`);
  return user;
}

export function userWithId(world: World, id: number): User | undefined {
  return [...world.users.values()].find((user) => user.id === id);
}

export function userWithEmail(world: World, email: string): User | undefined {
  const wanted = email.toLowerCase();
  return [...world.users.values()].find((user) => user.emails.includes(wanted));
}
