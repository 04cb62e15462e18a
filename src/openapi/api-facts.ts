/** The facts about an API that its description needs. */
export interface ApiFacts {
  /** Base URL of the stage or of the custom domain, without a trailing slash. */
  readonly url: string;
  readonly title: string;
  /** Version of the document: the program's. */
  readonly version: string;
  /** Mode of `deploy --auth`. */
  readonly authMode: string;
  /** Scopes of which an access token needs one; none where any token of the pool is taken. */
  readonly scopes: readonly string[];
  /** Header that a Lambda authorizer looks into. */
  readonly tokenHeader: string;
  /** Longest silence of a stream, ms; undefined when it is not known. */
  readonly idleLimitMs: number | undefined;
}

/** Security schemes of a document, and what each operation requires of them. */
export interface Security {
  readonly schemes: Readonly<Record<string, unknown>>;
  /** Empty where anybody may call. */
  readonly requirement: readonly Readonly<Record<string, readonly string[]>>[];
}

/**
 * How callers prove who they are. Signatures are written as API Gateway exports them (developer guide,
 * "x-amazon-apigateway-authtype property"): OpenAPI has no type of its own for them.
 */
export function securityOf(facts: ApiFacts): Security {
  const scheme = schemeOf(facts);
  if (!scheme) return { schemes: {}, requirement: [] };
  const [name, definition] = scheme;
  return { schemes: { [name]: definition }, requirement: [{ [name]: [] }] };
}

/** Whether a missing or bad token is answered with 401. */
export function usesTokens({ authMode }: ApiFacts): boolean {
  return authMode === 'cognito' || authMode === 'lambda';
}

function schemeOf(facts: ApiFacts): readonly [name: string, definition: object] | undefined {
  const { authMode, scopes, tokenHeader } = facts;
  switch (authMode) {
    case 'api-key':
      return ['apiKey', { type: 'apiKey', in: 'header', name: 'x-api-key' }];
    case 'iam':
      return [
        'sigv4',
        {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          'x-amazon-apigateway-authtype': 'awsSigv4',
          description: 'AWS Signature Version 4 for the service execute-api.',
        },
      ];
    case 'cognito':
      return [
        'userPool',
        {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description:
            scopes.length === 0
              ? 'An id token of the user pool.'
              : `An access token of the user pool with one of the scopes ${scopes.join(', ')}.`,
        },
      ];
    case 'lambda':
      return [
        'authorizer',
        tokenHeader.toLowerCase() === 'authorization'
          ? { type: 'http', scheme: 'bearer' }
          : { type: 'apiKey', in: 'header', name: tokenHeader },
      ];
    default:
      return undefined;
  }
}
