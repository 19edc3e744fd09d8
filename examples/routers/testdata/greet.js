// Asks each server on each transport: node greet.js URL…
const { io } = require("socket.io-client");

(async () => {
  for (const url of process.argv.slice(2)) {
    for (const transports of [["polling"], ["websocket"], ["polling", "websocket"]]) {
      const socket = io(url, { transports, forceNew: true, reconnection: false });
      socket.on("connect_error", (err) => {
        console.error(url, transports, err);
        process.exit(1);
      });
      console.log(await socket.emitWithAck("greet", transports.join(" ")));
      socket.close();
    }
  }
})();
