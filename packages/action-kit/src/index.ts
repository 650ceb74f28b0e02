export * from './clock.ts';
export * from './document.ts';
export * from './failure.ts';
export * from './main.ts';
export * from './markdown.ts';
export * from './readers.ts';
export type * from './runner.ts';
