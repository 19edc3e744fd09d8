// Plays clients of hostile servers, in Node.js and in a page, and tells what happened to each.

const patience = 90_000;

/**
 * Plays the cases side by side. Each has a name, which is the path of its server below base, options, and count: after
 * so many events it is over. With last it is over at that event, and the client then leaves. A case without either is over
 * after a while in which nothing should happen. Resolves to the events of each by name.
 */
export async function playAll(io, base, cases, options) {
  const stories = {};
  await Promise.all(cases.map(async (c) => (stories[c.name] = await play(io, base, c, options))));
  return stories;
}

async function play(io, base, c, options) {
  const story = [];
  let note;
  const over = new Promise((done) => {
    note = (line) => {
      story.push(line);
      if (c.last ? line === c.last : story.length === c.count) done();
    };
    setTimeout(done, c.last || c.count ? patience : 200);
  });
  const s = io(base, {
    ...options,
    path: `/${c.name.replaceAll(" ", "-")}`,
    forceNew: true,
    autoConnect: false,
    reconnectionDelay: 20,
    randomizationFactor: 0,
    reconnectionAttempts: 3,
    timeout: patience,
    ...c.options,
  });
  s.on("connect", async () => {
    note("connect");
    if (!c.ask) return;
    try {
      note("ack:" + JSON.stringify(await s.timeout(c.ask).emitWithAck("q")));
    } catch (err) {
      note("ack-error:" + err.message);
    }
  });
  s.on("disconnect", (reason) => note("disconnect:" + reason));
  s.on("connect_error", (err) => note("connect_error:" + err.message + (err.data ? JSON.stringify(err.data) : "")));
  s.onAny((name, ...args) => {
    if (!c.quiet || name === "after") note(`event:${name}:${JSON.stringify(args)}`);
  });
  s.io.on("error", (err) => note("manager_error:" + err.message));
  s.io.on("reconnect_attempt", (n) => note("reconnect_attempt:" + n));
  s.io.on("reconnect", (n) => note("reconnect:" + n));
  s.connect();
  if (c.upgrade) {
    s.io.engine.on("upgradeError", (err) => {
      note("upgradeError:" + err.message);
      void fetch(`${base}/settled/${c.name.replaceAll(" ", "-")}`, { method: "POST" });
    });
    s.io.engine.on("upgrade", (transport) => note("upgrade:" + transport.name));
  }
  await over;
  s.disconnect();
  s.io._close();
  return story;
}
