/** Exit codes of the CLI. */
export const EXIT = {
  ok: 0,
  /** The world said no: AWS, the network, the agent. */
  operation: 1,
  usage: 2,
  /** `bench` could not judge: the run was not valid, or too small. */
  inconclusive: 3,
  /** A stream that had begun did not end well: cut, or with an error in it. */
  stream: 4,
  /** A bug of ours. */
  bug: 70,
  threshold: 99,
  /** 128 + SIGINT. */
  aborted: 130,
} as const;
