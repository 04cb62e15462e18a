/** What is to be known of an API to describe it. */
export interface ApiFacts {
  /** Base URL of the stage or of the custom domain, without a trailing slash. */
  readonly url: string;
  readonly title: string;
  /** Of the document: the program's. */
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
