// The entry for programs that import: io() and what they may take apart.

import { Polling } from "./engineio/polling";
import { WebSocketTransport } from "./engineio/websocket";
import { io } from "./io";

export { io, io as connect, io as default };
export { Manager } from "./manager";
export { Socket } from "./socket";
export { protocol } from "./parser";
// The transports, for the option of that name, as the reference calls them: there is one for polling, over fetch.
export { Polling as Fetch, Polling as XHR, Polling as NodeXHR };
export { WebSocketTransport as WebSocket, WebSocketTransport as NodeWebSocket };
export { WebTransportTransport as WebTransport } from "./engineio/webtransport";
export { OfflineBuffer } from "./offline/buffer";
export { indexedDBStorage, webStorage } from "./offline/storage";
export type { Options } from "./io";
export type { Events } from "./emitter";
export type { LifeCycle, DisconnectReason, DisconnectDetails, ConnectError } from "./lifecycle";
