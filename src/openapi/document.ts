import { INVOKE_PATH, PROBE_PATH } from '../protocol.ts';
import type { ApiFacts } from './api-facts.ts';
import { invokeOperation, probeOperation, stopOperation } from './operations.ts';
import { SCHEMAS } from './schemas.ts';
import { securityOf } from './security.ts';

/** An OpenAPI 3.1 document, ready for `JSON.stringify`. */
export type OpenApiDocument = Readonly<Record<string, unknown>>;

/**
 * Describes a deployed API by the OpenAPI Specification 3.1.1: what the endpoint takes and answers (src/protocol.ts), and how its
 * callers prove who they are. The preflight is left out: browsers send it by themselves.
 */
export function openApiDocument(facts: ApiFacts): OpenApiDocument {
  const { url, title, version } = facts;
  const { schemes, requirement } = securityOf(facts);
  return {
    openapi: '3.1.1',
    info: {
      title,
      version,
      summary: 'A streaming API in front of an Amazon Bedrock AgentCore agent',
      description: describe(facts),
    },
    servers: [{ url }],
    security: requirement,
    paths: {
      [INVOKE_PATH]: { post: invokeOperation(facts), delete: stopOperation(facts) },
      [PROBE_PATH]: { post: probeOperation(facts) },
    },
    components: { schemas: SCHEMAS, securitySchemes: schemes },
  };
}

function describe({ idleLimitMs }: ApiFacts): string {
  const silence =
    idleLimitMs === undefined
      ? ''
      : ` A stream that is silent for ${idleLimitMs / 1_000} s is cut; comments of the endpoint keep it alive.`;
  return `Answers stream as the agent makes them, for 15 minutes at most.${silence}`;
}
