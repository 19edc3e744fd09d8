// What the tests of the official clients become here: each is a title and a function, which passes when it returns. The
// functions get tools of their own (see tools), and run side by side.

const patience = 30_000;

/**
 * Runs the tests of some files. client is what the module of the client exports; place says where it runs and where the
 * servers are: { node, socket, engine, silent, options }. Calls said with each title and what went wrong, or "".
 *
 * A test in which something went wrong has another try, alone, before it is believed: some wait for a while and see that
 * nothing came, and a busy machine may make the client late.
 */
export async function run(files, client, place, atOnce, said) {
  const waiting = [];
  const again = [];
  const kit = { ...client, Engine: engineOf(client), node: place.node };
  for (const file of files) {
    file({ ...kit, test: (title, fn, { node = true, page = true } = {}) => (place.node ? node : page) && waiting.push([title, fn]) });
  }
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let next; (next = waiting.shift()); ) {
        const wrong = await attempt(next[1], kit, place);
        if (wrong) again.push([...next, wrong]);
        else said(next[0], "");
      }
    }),
  );
  for (const [title, fn, first] of again) {
    const wrong = await attempt(fn, kit, place);
    said(title, wrong && `at first: ${first}\nagain: ${wrong}`);
  }
}

/** The class of the engine, which is no export: an engine without a transport tells it. */
export function engineOf({ Manager }) {
  const m = new Manager("http://localhost", { transports: [], reconnection: false });
  m._close();
  return m.engine.constructor;
}

async function attempt(fn, kit, place) {
  const t = tools(kit, place);
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("did not end")), patience);
  });
  try {
    await Promise.race([fn(t), late]);
    return t.forbidden.join("\n");
  } catch (err) {
    return [err?.stack ?? String(err), ...t.forbidden].join("\n");
  } finally {
    clearTimeout(timer);
    t.end();
  }
}

function tools({ io, Manager, Engine }, place) {
  const open = [];
  const forbidden = [];
  const keep = (what, close) => {
    open.push(() => close(what));
    return what;
  };
  return {
    forbidden,
    end: () => open.forEach((close) => close()),

    /** A socket of the support server, on a connection of its own. */
    io: (path = "", options) => keep(io(place.socket + path, { forceNew: true, ...place.options, ...options }), (s) => s.io._close()),
    manager: (options, url = place.socket) => keep(new Manager(url, { ...place.options, ...options }), (m) => m._close()),
    /** An engine connected to the engine's support server. */
    engine: (options, url = place.engine) => keep(new Engine(url, { path: "/engine.io", ...place.options, ...options }), (e) => e.close()),

    url: place.socket,
    /** Where a handshake gets no answer, and where nobody listens. */
    silent: place.silent,
    nowhere: "http://localhost:2",

    /** Waits for the next event of that name; gives its arguments. */
    once: (emitter, event) => new Promise((resolve) => emitter.once(event, (...args) => resolve(args))),
    /** Waits until check says so, on any of these events. */
    until: (emitter, event, check) =>
      new Promise((resolve) =>
        emitter.on(event, function listen(...args) {
          if (!check(...args)) return;
          emitter.off(event, listen);
          resolve(args);
        }),
      ),
    /** The event is a mistake from now on. */
    forbid: (emitter, event) => emitter.on(event, (...args) => forbidden.push(`${event} came: ${args}`)),
    /** A function that may not be called. */
    never: (what) => (...args) => forbidden.push(`${what}: ${args}`),
    later: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    /** The text packets that an engine sends, as they are made. */
    sent: (engine) => {
      const list = [];
      engine.on("packetCreate", ({ type, data }) => type === "message" && list.push(data));
      return list;
    },
  };
}
