// The entry for <script>: the global io, over a shared worker.

import { io as own } from "../io";
import { Manager } from "../manager";
import { protocol } from "../parser";
import { Socket } from "../socket";
import { sharedWith } from "./page";

declare const expose: (io: unknown) => void;

const script = (document.currentScript as HTMLScriptElement | null)?.src || location.origin + "/socket.io/socket.io.shared.min.js";
const io = sharedWith(new URL("socket.io.worker.min.js", script).href);
expose(Object.assign(io, { io, connect: io, own, Manager, Socket, protocol }));
