/**
 * The numeric id of the bot that every job's GITHUB_TOKEN acts as. Anybody who may push a workflow can have it commit and
 * start runs, so it is never one to rely on.
 */
export const GITHUB_TOKEN_BOT = 41_898_282;

/**
 * The account `web-flow`, of the type User, by its numeric id: GitHub itself commits as it what somebody merges or edits
 * on its pages.
 */
export const WEB_FLOW = 19_864_447;
