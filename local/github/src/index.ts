export * from './runner/index.ts';
export { type LocalGithub, type LocalGithubOptions, startLocalGithub } from './start.ts';
