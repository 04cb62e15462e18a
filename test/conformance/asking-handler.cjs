// A function that does what a handler never should, on demand, to find out what becomes of it: the body of a request names the case.
/** @type {Record<string, (stream: any, ask: any) => Promise<void>>} */
const CASES = {
  /** No prelude at all. */
  'no-prelude': async (stream) => {
    stream.write('hello');
    stream.end();
  },

  /** A prelude that ends, with its delimiter, after so many bytes: JSON takes any number of blanks. */
  'long-prelude': async (stream, { bytes }) => {
    const metadata = '{"statusCode":200,"headers":{"content-type":"text/plain"}';
    stream.write(`${metadata}${' '.repeat(bytes - metadata.length - 9)}}${NULS}hello`);
    stream.end();
  },

  /** A prelude, and the body some time later. */
  'late-body': async (stream, { ms }) => {
    stream.write(PRELUDE);
    await sleep(ms);
    stream.write('hello');
    stream.end();
  },

  /** Silence, and then an answer. */
  'late-prelude': async (stream, { ms }) => {
    await sleep(ms);
    stream.write(`${PRELUDE}hello`);
    stream.end();
  },

  /** A failure after the first bytes: the runtime ends the stream with error trailers. */
  'fails-mid-stream': async (stream) => {
    stream.write(`${PRELUDE}hello`);
    await sleep(100);
    throw new Error('on purpose');
  },

  /** The function's timeout after the first bytes. */
  'times-out': async (stream) => {
    stream.write(`${PRELUDE}hello`);
    await sleep(900_000);
  },

  /** A body that is longer than a response may be. */
  overflow: async (stream, { bytes }) => {
    stream.write(PRELUDE);
    const part = Buffer.alloc(65_536, 'x');
    for (let sent = 0; sent < bytes; sent += part.length) {
      if (!stream.write(part)) await new Promise((resolve) => stream.once('drain', resolve));
    }
    stream.end();
  },

  /** A stream that goes on for so long, without a silence. */
  long: async (stream, { ms }) => {
    stream.write(PRELUDE);
    const endsAt = Date.now() + ms;
    while (Date.now() < endsAt) {
      stream.write('.');
      await sleep(ms / 100);
    }
    stream.end();
  },

  /** The SDK's client that the runtime brings along. */
  sdk: async (stream) => {
    let found = 'none';
    try {
      // Not a literal: esbuild would bundle the one that is installed here.
      found = require(['@aws-sdk', 'client-bedrock-agentcore', 'package.json'].join('/')).version;
    } catch {
      // Absent, or not to be looked at.
    }
    stream.write(`${PRELUDE}${found}`);
    stream.end();
  },
};

const NULS = '\0'.repeat(8);
const PRELUDE = `{"statusCode":200,"headers":{"content-type":"text/plain"}}${NULS}`;

/** @param {number} ms */
const sleep = (ms) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

/** @type {any} */ (exports).handler = awslambda.streamifyResponse(async (event, stream) => {
  const ask = JSON.parse(/** @type {{ body: string }} */ (event).body);
  await CASES[ask.case]?.(stream, ask);
});
