// Runs the page's script in Node: node node.js URL NUMBERS, where the numbers take the place of chance, and zeros follow.
const { io } = require("socket.io-client");
const [url, numbers] = process.argv.slice(2);
const rest = JSON.parse(numbers);
Math.random = () => rest.shift() ?? 0;
globalThis.io = () => io(url, { transports: ["websocket"] });
require("../client.js");
