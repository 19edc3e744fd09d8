// attempt runs a case, an exported function of a file in cases/, which passes when it returns. It resolves to what went
// wrong, with the story of the sockets, or to "". more are options of all its connections.
export async function attempt(run, url, transports, more) {
  const { Manager } = await import(process.env.CLIENT ?? "socket.io-client"); // the client under test
  const bench = lab(Manager, url, transports, more);
  let patience;
  const late = new Promise((_, reject) => {
    patience = setTimeout(() => reject(new Error("the case did not end within 30 s")), 30_000);
  });
  try {
    await Promise.race([run(bench), late]);
    return "";
  } catch (err) {
    return [err?.stack ?? err, ...bench.story()].join("\n");
  } finally {
    clearTimeout(patience);
    bench.close();
  }
}

// lab gives a case its tools: sockets, and managers that are closed at its end.
function lab(Manager, url, transports, more) {
  const managers = [];
  const told = [];

  // manager makes a connection of its own; it reconnects fast, so that cases are short.
  function manager(options = {}) {
    const m = new Manager(url, { transports, autoConnect: false, reconnectionDelay: 50, reconnectionDelayMax: 200, ...more, ...options });
    m.on("error", (err) => told.push(`manager error: ${err.message}`));
    m.on("reconnect_attempt", (n) => told.push(`reconnect_attempt ${n}`));
    m.on("close", (reason) => told.push(`close: ${reason}`));
    managers.push(m);
    return m;
  }

  // socket makes a socket of a namespace without waiting for it.
  function socket(namespace = "/", options = {}) {
    const s = (options.manager ?? manager(options)).socket(namespace, { auth: options.auth });
    s.onAny((...args) => told.push(`${namespace} < ${JSON.stringify(args)?.slice(0, 200)}`));
    s.onAnyOutgoing((...args) => told.push(`${namespace} > ${JSON.stringify(args)?.slice(0, 200)}`));
    for (const event of ["connect", "connect_error", "disconnect"]) {
      s.on(event, (...args) => told.push(`${namespace} ${event} ${args.join(" ")}`));
    }
    s.connect();
    return s;
  }

  // connect makes a socket and waits until the server has accepted it.
  async function connect(namespace, options) {
    const s = socket(namespace, options);
    await new Promise((resolve, reject) => s.once("connect", resolve).once("connect_error", reject));
    return s;
  }

  return {
    url,
    transports,
    manager,
    socket,
    connect,
    story: () => told,
    close: () => managers.forEach((m) => m._close()),
  };
}

// event waits for the next event of that name and gives its arguments.
export function event(emitter, name) {
  return new Promise((resolve) => emitter.once(name, (...args) => resolve(args)));
}

// events waits for n events of that name and gives the arguments of each.
export function events(emitter, name, n) {
  return new Promise((resolve) => {
    const seen = [];
    emitter.on(name, function collect(...args) {
      seen.push(args);
      if (seen.length === n) {
        emitter.off(name, collect);
        resolve(seen);
      }
    });
  });
}

// silent collects what arrives under that name; the result is meant to stay empty.
export function silent(emitter, name) {
  const seen = [];
  emitter.on(name, (...args) => seen.push(args));
  return seen;
}

// until repeats an asynchronous question until its answer is not null.
export async function until(ask) {
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
