// What the title "should work in a worker" runs: an engine in a worker, which tells its page each message.

import * as client from "/client.js";
import { engineOf } from "./kit.mjs";

const engine = new (engineOf(client))(location.origin, { path: "/engine.io" });
let count = 0;
engine.on("message", (data) => {
  count++;
  if (count <= 10) engine.send("give utf8");
  else if (count <= 20) engine.send("give binary");
  postMessage(data);
});
