/** The facts about an API that its description needs. */
export interface ApiFacts {
  /** Base URL of the stage or of the custom domain, without a trailing slash. */
  readonly url: string;
  readonly title: string;
  /** Version of the document: the program's. */
  readonly version: string;
  /** Mode of `deploy --auth`. Default: api-key. */
  readonly authMode?: string | undefined;
  /** Scopes of which an access token needs one; none where any token of the pool is taken. */
  readonly scopes?: readonly string[];
  /** Header that a Lambda authorizer looks into. Default: Authorization. */
  readonly tokenHeader?: string | undefined;
  /** Longest silence of a stream, ms; undefined when it is not known. */
  readonly idleLimitMs?: number | undefined;
}

/**
 * Security schemes of a document, and what each operation requires of them: nothing where anybody may call. Signatures are written as API
 * Gateway exports them (developer guide, "x-amazon-apigateway-authtype property"): OpenAPI has no type of its own for them.
 */
export function securityOf(facts: ApiFacts) {
  const [name, definition] = schemeOf(facts) ?? [];
  if (name === undefined) return { schemes: {}, requirement: [] };
  return { schemes: { [name]: definition }, requirement: [{ [name]: [] }] };
}

/** Whether a missing or bad token is answered with 401. */
export function usesTokens({ authMode }: ApiFacts): boolean {
  return authMode === 'cognito' || authMode === 'lambda';
}

function schemeOf(facts: ApiFacts): readonly [name: string, definition: object] | undefined {
  const { authMode = 'api-key', scopes = [], tokenHeader = 'authorization' } = facts;
  const header = { type: 'apiKey', in: 'header' };
  const bearer = { type: 'http', scheme: 'bearer' };
  const schemes: Readonly<Record<string, readonly [name: string, definition: object]>> = {
    'api-key': ['apiKey', { ...header, name: 'x-api-key' }],
    iam: [
      'sigv4',
      {
        ...header,
        name: 'Authorization',
        'x-amazon-apigateway-authtype': 'awsSigv4',
        description: 'AWS Signature Version 4 for the service execute-api.',
      },
    ],
    cognito: [
      'userPool',
      {
        ...bearer,
        bearerFormat: 'JWT',
        description:
          scopes.length === 0
            ? 'An id token of the user pool.'
            : `An access token of the user pool with one of the scopes ${scopes.join(', ')}.`,
      },
    ],
    lambda: ['authorizer', tokenHeader.toLowerCase() === 'authorization' ? bearer : { ...header, name: tokenHeader }],
  };
  return schemes[authMode];
}
