// Asks the server on each transport: node greet.js URL PATH
const { io } = require("socket.io-client");

(async () => {
  const [url, path] = process.argv.slice(2);
  for (const transports of [["polling"], ["websocket"], ["polling", "websocket"]]) {
    const socket = io(url, { path, transports, forceNew: true, reconnection: false });
    socket.on("connect_error", (err) => {
      console.error(err);
      process.exit(1);
    });
    const answer = await socket.emitWithAck("greet", transports.join(" "));
    if (transports.length > 1 && socket.io.engine.transport.name !== "websocket") {
      await new Promise((done) => socket.io.engine.once("upgrade", done));
    }
    console.log(answer, "over", socket.io.engine.transport.name);
    socket.close();
  }
})();
