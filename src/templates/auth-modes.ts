/** How the API knows its callers: the values of AuthMode. Apart from the rest, which a help text does not load. */
export const AUTH_MODES = ['api-key', 'iam', 'cognito', 'lambda', 'none'] as const;
export type AuthMode = (typeof AUTH_MODES)[number];
