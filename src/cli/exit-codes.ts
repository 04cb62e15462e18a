/** Exit codes of the CLI. */
export const EXIT = {
  ok: 0,
  /** AWS, the network or the agent failed or refused. */
  operation: 1,
  usage: 2,
  /** `bench` could not judge: the run was not valid, or too small. */
  inconclusive: 3,
  /** A stream that had begun was cut, or had an error in it. */
  stream: 4,
  /** A bug of this program. */
  bug: 70,
  threshold: 99,
  /** 128 + SIGINT. */
  aborted: 130,
} as const;
