// Asks the server on each transport: node greet.js URL
const { io } = require("socket.io-client");

(async () => {
  for (const transports of [["polling"], ["websocket"], ["polling", "websocket"]]) {
    const socket = io(process.argv[2], { transports, forceNew: true, reconnection: false });
    socket.on("connect_error", (err) => {
      console.error(err);
      process.exit(1);
    });
    console.log(await socket.emitWithAck("greet", transports.join(" ")));
    socket.close();
  }
})();
